// SPDX-License-Identifier: GPL-2.0
/*
 * The algorithms of congestion control that there are, those that come as
 * modules included, and each socket's and each namespace's choice among them.
 *
 * A socket holds a reference on the module of its algorithm from its birth to
 * its end, a namespace on that of its default. Who looks an algorithm up does
 * so under RCU and then takes that reference; unregistering waits for all who
 * were looking, so a module that goes is out of everybody's sight.
 */
#include <linux/jhash.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "cong.h"
#include "core/ecn.h"
#include "metrics.h"
#include "netns.h"
#include "sock.h"

/**
 * struct algo - an algorithm that can be chosen
 * @link: in the list, in the order of registering
 * @ops: the algorithm
 * @allowed: who is not CAP_NET_ADMIN may choose it too
 * @rcu: to free it
 */
struct algo {
	struct list_head link;
	const struct xtcp_cong_ops *ops;
	bool allowed;
	struct rcu_head rcu;
};

static LIST_HEAD(algos);
static DEFINE_SPINLOCK(algos_lock);	/* guards changes of the list */

/* Under RCU or the lock */
static struct algo *find(const char *name)
{
	struct algo *a;

	list_for_each_entry_rcu(a, &algos, link, lockdep_is_held(&algos_lock))
		if (!strcmp(a->ops->name, name))
			return a;
	return NULL;
}

static int add(const struct xtcp_cong_ops *ops, bool allowed)
{
	struct algo *a = kzalloc(sizeof(*a), GFP_KERNEL);
	int err = 0;

	if (!a)
		return -ENOMEM;
	a->ops = ops;
	a->allowed = allowed;
	spin_lock(&algos_lock);
	if (find(ops->name))
		err = -EEXIST;
	else
		list_add_tail_rcu(&a->link, &algos);
	spin_unlock(&algos_lock);
	if (err)
		kfree(a);
	return err;
}

static bool well_formed(const struct xtcp_cong_ops *ops)
{
	size_t len = strnlen(ops->name, sizeof(ops->name));

	/* the lists in the sysctls are split at blanks */
	return len && len < sizeof(ops->name) && !strpbrk(ops->name, " \t\n") &&
	       (ops->acked || ops->rated) && ops->ssthresh;
}

/**
 * xtcp_cong_register - offer an algorithm
 * @ops: the algorithm; has to stay until it is unregistered
 *
 * May sleep. Who is not CAP_NET_ADMIN can choose it once it was the default, or
 * is listed in net.xtcp.allowed_congestion_control.
 *
 * Return: 0, -EINVAL if something in @ops is missing, -EEXIST if the name is
 * taken, -ENOMEM
 */
int xtcp_cong_register(const struct xtcp_cong_ops *ops)
{
	/* without an owner nothing would keep the module in while it is used */
	if (!ops->owner || !well_formed(ops))
		return -EINVAL;
	return add(ops, false);
}
EXPORT_SYMBOL_GPL(xtcp_cong_register);

/**
 * xtcp_cong_unregister - take an algorithm back
 * @ops: the algorithm, registered; to be called from its module's exit, which
 *	is not reached while anything uses it. May sleep
 */
void xtcp_cong_unregister(const struct xtcp_cong_ops *ops)
{
	struct algo *a;

	spin_lock(&algos_lock);
	a = find(ops->name);
	if (a && a->ops == ops)
		list_del_rcu(&a->link);
	else
		a = NULL;
	spin_unlock(&algos_lock);
	if (WARN_ON_ONCE(!a))
		return;
	synchronize_rcu();
	kfree(a);
}
EXPORT_SYMBOL_GPL(xtcp_cong_unregister);

/* core/cong.c's helpers for algorithms */
EXPORT_SYMBOL_GPL(xtcp_cong_grow);
EXPORT_SYMBOL_GPL(xtcp_cong_avoid);

/* What is built in */
int __init xtcp_cong_start(void)
{
	int err = add(&xtcp_cong_reno, true);

	if (err)
		return err;
	err = add(&xtcp_cong_cubic, true);
	if (!err)
		err = add(&xtcp_cong_bbr, true);
	/* beside it others starve: for administrators, as with TCP */
	if (!err)
		err = add(&xtcp_cong_dctcp, false);
	if (err)
		xtcp_cong_stop();
	return err;
}

/* No module of another algorithm is left, as each of them uses this one */
void xtcp_cong_stop(void)
{
	struct algo *a, *next;

	list_for_each_entry_safe(a, next, &algos, link) {
		list_del_rcu(&a->link);
		kfree_rcu(a, rcu);
	}
}

/* A namespace begins with the first one's default */
void xtcp_cong_net_init(struct net *net)
{
	const struct xtcp_cong_ops *ops;

	rcu_read_lock();
	ops = net_eq(net, &init_net) ? NULL :
	      READ_ONCE(xtcp_net(&init_net)->cong);
	if (!ops || !try_module_get(ops->owner))
		ops = &xtcp_cong_cubic;
	rcu_read_unlock();
	WRITE_ONCE(xtcp_net(net)->cong, ops);
}

void xtcp_cong_net_exit(struct net *net)
{
	module_put(xtcp_net(net)->cong->owner);
}

/* The default, with a reference on its module */
static const struct xtcp_cong_ops *hold_default(const struct net *net)
{
	const struct xtcp_cong_ops *ops;

	rcu_read_lock();
	ops = READ_ONCE(xtcp_net(net)->cong);
	if (!try_module_get(ops->owner))
		ops = &xtcp_cong_reno;
	rcu_read_unlock();
	return ops;
}

/**
 * xtcp_cong_assign - a new socket gets its namespace's default
 * @sk: the socket
 */
void xtcp_cong_assign(struct sock *sk)
{
	xtcp_sk(sk)->tcb.cong.ops = hold_default(sock_net(sk));
}

/**
 * xtcp_cong_inherit - a clone of a listener gets what was chosen for that one,
 * else the default of now
 * @sk: the clone, which has no reference of its own on its algorithm yet
 */
void xtcp_cong_inherit(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!xs->cong_chosen || !try_module_get(xs->tcb.cong.ops->owner))
		xtcp_cong_assign(sk);
}

/* Under RCU: the algorithm of that name, with a reference on its module */
static struct algo *hold(const char *name, bool any)
{
	struct algo *a = find(name);

	if (!a)
		return ERR_PTR(-ENOENT);
	if (!any && !READ_ONCE(a->allowed))
		return ERR_PTR(-EPERM);
	if (!try_module_get(a->ops->owner))
		return ERR_PTR(-EBUSY);
	return a;
}

/**
 * xtcp_cong_route - a connection begins, and its route may say which algorithm
 * @sk: the socket, locked, in CLOSED
 * @key: what the kernel's TCP makes of its name, of which it has to have one, too;
 *	or 0
 * @locked: the user must not choose another
 */
void xtcp_cong_route(struct sock *sk, u32 key, bool locked)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_cong_ops *old = xs->tcb.cong.ops;
	const struct algo *a;

	xs->cong_locked = false;
	if (likely(!key))
		return;
	rcu_read_lock();
	list_for_each_entry_rcu(a, &algos, link) {
		const char *name = a->ops->name;

		if (jhash(name, sizeof(a->ops->name), strlen(name)) != key)
			continue;
		a = hold(name, true);
		if (IS_ERR(a))
			break;
		xs->tcb.cong.ops = a->ops;
		xs->cong_locked = locked;
		module_put(old->owner);
		break;
	}
	rcu_read_unlock();
}

/**
 * xtcp_cong_put - a socket needs its algorithm no more
 * @sk: the socket, locked, in CLOSED; what it does from now on is Reno's
 */
void xtcp_cong_put(struct sock *sk)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	struct xtcp_cong *c = &tcb->cong;
	const struct xtcp_cong_ops *ops = c->ops;

	tcb->ecn_exact = false;
	c->ops = &xtcp_cong_reno;
	c->rated = false;
	c->pacing = 0;
	module_put(ops->owner);
}

/* The SYN has not gone out yet, and may ask for what the algorithm needs */
static void offer_ecn(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	xtcp_ecn_offer(tcb);
	if (dst && xtcp_metrics_ecn(dst))
		tcb->ecn_ok = true;
}

/**
 * xtcp_cong_set - TCP_CONGESTION
 * @sk: the socket, locked
 * @name: the algorithm
 * @admin: the user may choose any
 *
 * Return: 0, -ENOENT, -EPERM or -EBUSY, each where Linux TCP returns it
 */
int xtcp_cong_set(struct sock *sk, const char *name, bool admin)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_cong_ops *old = xs->tcb.cong.ops;
	const struct algo *a;

	if (xs->cong_locked)
		return -EPERM;
	/* what is in use may stay, whoever may choose it */
	if (strcmp(name, old->name)) {
		rcu_read_lock();
		a = hold(name, admin);
		if (IS_ERR(a)) {
			rcu_read_unlock();
			return PTR_ERR(a);
		}
		if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN) {
			xs->tcb.cong.ops = a->ops;
		} else {
			xtcp_cong_select(&xs->tcb.cong, a->ops);
			if (xs->tcb.syn_held)
				offer_ecn(sk);
			xtcp_ecn_choose(&xs->tcb);
		}
		rcu_read_unlock();
		module_put(old->owner);
	}
	xs->cong_chosen = true;
	return 0;
}

/**
 * xtcp_cong_get_default - net.xtcp.congestion_control is read
 * @net: the namespace
 * @name: gets XTCP_CONG_NAME_MAX octets
 */
void xtcp_cong_get_default(struct net *net, char *name)
{
	rcu_read_lock();
	strscpy(name, READ_ONCE(xtcp_net(net)->cong)->name, XTCP_CONG_NAME_MAX);
	rcu_read_unlock();
}

/**
 * xtcp_cong_set_default - net.xtcp.congestion_control is written
 * @net: the namespace
 * @name: the algorithm; what is a default is allowed to everybody
 *
 * Return: 0, -ENOENT, -EBUSY, or -EPERM for what is not allowed and @net not
 * the first
 */
int xtcp_cong_set_default(struct net *net, const char *name)
{
	const struct xtcp_cong_ops *old;
	struct algo *a;

	rcu_read_lock();
	a = hold(name, net_eq(net, &init_net));
	if (!IS_ERR(a)) {
		WRITE_ONCE(a->allowed, true);
		old = xchg(&xtcp_net(net)->cong, a->ops);
		module_put(old->owner);
	}
	rcu_read_unlock();
	return PTR_ERR_OR_ZERO(a);
}

/**
 * xtcp_cong_list - the names of the algorithms, a blank between
 * @buf: gets them
 * @size: octets there
 * @allowed: only those that everybody may choose
 */
void xtcp_cong_list(char *buf, size_t size, bool allowed)
{
	const struct algo *a;
	size_t n = 0;

	*buf = 0;
	rcu_read_lock();
	list_for_each_entry_rcu(a, &algos, link)
		if (!allowed || READ_ONCE(a->allowed))
			n += scnprintf(buf + n, size - n, "%s%s",
				       n ? " " : "", a->ops->name);
	rcu_read_unlock();
}

/**
 * xtcp_cong_allow - net.xtcp.allowed_congestion_control is written
 * @names: the algorithms that everybody may choose; is taken apart
 *
 * Return: 0 or -ENOENT, and then nothing has changed
 */
int xtcp_cong_allow(char *names)
{
	struct algo *a, *chosen[64];
	unsigned int n = 0, i;
	char *name;
	int err = 0;

	spin_lock(&algos_lock);
	while (!err && (name = strsep(&names, " ")) && *name) {
		a = find(name);
		if (!a)
			err = -ENOENT;
		else if (n == ARRAY_SIZE(chosen))
			err = -EINVAL;
		else
			chosen[n++] = a;
	}
	if (!err) {
		list_for_each_entry(a, &algos, link)
			WRITE_ONCE(a->allowed, false);
		for (i = 0; i < n; i++)
			WRITE_ONCE(chosen[i]->allowed, true);
	}
	spin_unlock(&algos_lock);
	return err;
}
