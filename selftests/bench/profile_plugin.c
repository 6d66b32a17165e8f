// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin that counts the guest's instructions by the address of their
 * translation block, between two marks that the guest executes (mark_start() and
 * mark_stop() in bench_cases.c).  It writes "count address" lines; selftests/bench/profile
 * adds them up by function.  For one processor, as in virtual time.
 *
 * Debian does not package qemu-plugin.h, so the few calls used of version 1 of
 * that interface are declared here.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*tb_cb)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*exec_cb)(unsigned int cpu, void *data);
typedef void (*exit_cb)(uint64_t id, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, tb_cb cb);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op,
					      void *ptr, uint64_t imm);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    exec_cb cb, int flags, void *data);
void qemu_plugin_register_atexit_cb(uint64_t id, exit_cb cb, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

struct block {
	uint64_t address;
	uint64_t count;
	uint64_t kept;
	struct block *next;
};

static struct block *blocks;
static const char *path;

/* xchg %bx,%bx starts and xchg %cx,%cx stops: nothing else contains them. */
static const unsigned char start_mark[] = { 0x66, 0x87, 0xdb };
static const unsigned char stop_mark[] = { 0x66, 0x87, 0xc9 };

static void start(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	for (struct block *b = blocks; b; b = b->next)
		b->count = 0;
}

static void stop(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	for (struct block *b = blocks; b; b = b->next)
		b->kept = b->count;
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);
	struct block *block = calloc(1, sizeof(*block));

	(void)id;
	block->address = qemu_plugin_tb_vaddr(tb);
	block->next = blocks;
	blocks = block;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, 0, &block->count, n);
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const void *code = qemu_plugin_insn_data(insn);

		if (qemu_plugin_insn_size(insn) != sizeof(start_mark))
			continue;
		if (!memcmp(code, start_mark, sizeof(start_mark)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, start, 0, NULL);
		if (!memcmp(code, stop_mark, sizeof(stop_mark)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, stop, 0, NULL);
	}
}

static void finish(uint64_t id, void *data)
{
	FILE *file = fopen(path, "w");

	(void)id;
	(void)data;
	if (!file)
		return;
	for (struct block *b = blocks; b; b = b->next)
		if (b->kept)
			fprintf(file, "%" PRIu64 " %" PRIx64 "\n", b->kept,
				b->address);
	fclose(file);
}

__attribute__((visibility("default")))
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			path = strdup(argv[i] + 4);
	if (!path)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, finish, NULL);
	return 0;
}
