# SPDX-License-Identifier: GPL-2.0
"""A capture as a ladder of segments: dissected by tshark, drawn in 100 columns.

Leaves to present what a ladder ought to look like.
"""
import subprocess
import sys

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
FIELDS = ["frame.time_relative", "ip.src", "ipv6.src", "tcp.srcport", "tcp.dstport",
          "tcp.flags", "tcp.seq", "tcp.ack", "tcp.len", "tcp.window_size",
          "tcp.options.mss_val", "tcp.options.wscale.shift",
          "tcp.analysis.duplicate_ack", "tcp.analysis.zero_window"]
PROTOCOL = 253      # IPPROTO_XTCP; its segments are TCP's
INNER = 60          # columns between the two lifelines


class Segment:
    def __init__(self, line):
        value = dict(zip(FIELDS, line.rstrip("\n").split("\t")))
        number = lambda name: int(value[name] or 0)
        self.time = float(value["frame.time_relative"]) * 1000
        self.source = value["ip.src"] or value["ipv6.src"]
        self.sport, self.dport = number("tcp.srcport"), number("tcp.dstport")
        self.flags = int(value["tcp.flags"], 16)
        self.seq, self.ack = number("tcp.seq"), number("tcp.ack")
        self.len, self.window = number("tcp.len"), number("tcp.window_size")
        self.mss, self.wscale = value["tcp.options.mss_val"], value["tcp.options.wscale.shift"]
        self.again = self.late = self.gap = False
        self.mark = "duplicate ACK" if value["tcp.analysis.duplicate_ack"] else \
            "window closed" if value["tcp.analysis.zero_window"] else ""

    @property
    def kind(self):
        """As a textbook names it."""
        if self.flags & RST:
            return "RST"
        if self.flags & SYN:
            return "SYN+ACK" if self.flags & ACK else "SYN"
        if self.flags & FIN:
            return "FIN"
        return "data" if self.len else "ACK"

    def label(self):
        kind = self.kind
        if kind == "ACK":
            return f"ACK  ack {self.ack}"
        if kind == "data":
            text = f"{self.len} bytes  seq {self.seq}"
        else:
            text = f"{kind}  seq {self.seq}"
            if kind == "FIN" and self.len:
                text = f"{self.len} bytes, FIN  seq {self.seq}"
        if self.flags & ACK:
            text += f"  ack {self.ack}"
        if self.flags & SYN:
            text += f"  mss {self.mss or '-'}  wscale {self.wscale or '-'}"
        return text


class Sender:
    """Tells what one end sends again from what the network has only reordered.

    The capture is behind the sender's netem, which loses and reorders before
    anyone sees it. Octets that have passed before are sent again. Octets that
    fill a gap are sent again if the gap is older than most of a round trip,
    which the sender needs to learn of a loss; else they were overtaken."""

    def __init__(self, patience):
        self.patience = patience
        self.end = None     # behind all that has passed
        self.gaps = []      # (from, to, since when), within that

    def saw(self, s):
        size = s.len + bool(s.flags & SYN) + bool(s.flags & FIN)
        if not size:
            return
        first, end = s.seq, s.seq + size
        if self.end is None or first >= self.end:
            if self.end is not None and first > self.end:
                self.gaps.append((self.end, first, s.time))
                s.gap = True
            self.end = end
            return
        gap = next((g for g in self.gaps if g[0] <= first < g[1]), None)
        if gap and s.time - gap[2] < self.patience:
            s.late = True
        else:
            s.again = True
        rest = []
        for low, high, since in self.gaps:
            if low < first:
                rest.append((low, min(high, first), since))
            if high > end:
                rest.append((max(low, end), high, since))
        self.gaps = rest
        self.end = max(self.end, end)


def mark(segments):
    """Say of each segment what became of it on its way."""
    if not segments:
        return
    start = segments[0].time
    answered = next((s.time for s in segments if s.kind == "ACK"), start)
    senders = {}
    for s in segments:
        sender = senders.setdefault(s.source, Sender((answered - start) * 0.75))
        sender.saw(s)
        if s.again:
            s.mark = "SENT AGAIN"
        elif s.late:
            s.mark = "overtaken"
        elif s.gap:
            s.mark = "one before is missing"
        s.time -= start


def dissect(path, protocol):
    """The segments of a capture, in order, each with its mark."""
    command = ["tshark", "-n", "-r", path, "-Y", "tcp", "-T", "fields", "-E", "occurrence=f"]
    if protocol != 6:
        command += ["-d", f"ip.proto=={protocol},tcp"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"demo: tshark: {done.stderr.strip()}")
    segments = [Segment(line) for line in done.stdout.splitlines() if line.strip()]
    mark(segments)
    return segments


def excerpt(segments):
    """Which segments of a long exchange to show: how it begins, the first ones
    sent again each way with what led to them, and how it ends."""
    if len(segments) <= 40:
        return list(range(len(segments)))
    show = set(range(7)) | set(range(len(segments) - 8, len(segments)))
    client = segments[0].source
    for is_client in True, False:
        again = [i for i, s in enumerate(segments)
                 if (s.source == client) == is_client and s.again and s.len]
        if not again:
            continue
        first = again[0]
        gaps = [i for i in range(first) if segments[i].gap and
                (segments[i].source == client) == is_client and
                segments[i].seq > segments[first].seq]
        for at, before, after in [(gap, 2, 4) for gap in gaps[:1]] + [(first, 3, 5)]:
            show |= set(range(max(0, at - before), min(len(segments), at + after)))
    return sorted(show)


class Pen:
    """Colours on a terminal, lines where the terminal can draw them."""
    CODES = {"red": 31, "green": 32, "yellow": 33, "cyan": 36, "dim": 2, "bold": 1}

    def __init__(self, colour):
        self.colour = colour
        drawn = (sys.stdout.encoding or "").lower().startswith("utf")
        self.rail, self.dash, self.right, self.left, self.dots = \
            ("│", "─", "▶", "◀", "·") if drawn else ("|", "-", ">", "<", ".")

    def paint(self, name, text):
        return f"\033[{self.CODES[name]}m{text}\033[0m" if self.colour and name else text


def draw(segments, pen):
    """Print the ladder, the client (who sent first) at the left."""
    first = segments[0]
    left = f"client {first.source}:{first.sport}" if ":" not in first.source \
        else f"client [{first.source}]:{first.sport}"
    right = "server :%d" % first.dport
    print(f"{'ms':>11}  {left:<{INNER // 2 + 1}}{right:>{INNER // 2 + 1}}")
    last = -1
    for i in excerpt(segments):
        if i > last + 1:
            skipped = segments[last + 1:i]
            again = sum(s.again for s in skipped)
            text = f"{len(skipped)} segments" + (f", {again} of them sent again" if again else "")
            text = f" {pen.dots} {pen.dots} {pen.dots}  {text}  {pen.dots} {pen.dots} {pen.dots} "
            print(f"{'':11}  {pen.rail}" + pen.paint("dim", f"{text:^{INNER}}") + pen.rail)
        last = i
        s = segments[i]
        label = f" {s.label()} "
        fill = INNER - 4 - len(label)
        if s.source == first.source:
            arrow = f" {pen.dash}{label}{pen.dash * fill}{pen.right} "
        else:
            arrow = f" {pen.left}{pen.dash * fill}{label}{pen.dash} "
        colour = "red" if s.flags & RST else "yellow" if s.again else \
            "green" if s.flags & SYN else "cyan" if s.flags & FIN else None
        mark = pen.paint("yellow" if s.again else "dim", s.mark) if s.mark else ""
        print(f"{s.time:11.3f}  {pen.rail}{pen.paint(colour, arrow)}{pen.rail} {mark}".rstrip())
    print()
