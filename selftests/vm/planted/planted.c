// SPDX-License-Identifier: GPL-2.0
/*
 * Trouble planted on purpose: `insmod planted.ko what=warn` and so on. A test
 * run that does not fail after it has a blind log scanner.
 */
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *what = "nothing";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "warn, leak, overrun, freed, shift, unlocked, moving, timer, sleep or order");

static DEFINE_SPINLOCK(guard);
static DEFINE_MUTEX(one);
static DEFINE_MUTEX(two);
static int __rcu *pointed;
static volatile int sink;

static void leak(void)
{
	void *lost;
	int i;

	/* a report of more than a pipe holds: none of it may stop the verdict */
	for (i = 0; i < 100; i++) {
		lost = kmalloc(100, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(lost);
	}
}

static void overrun(void)
{
	volatile char *p = kmalloc(24, GFP_KERNEL);

	if (p)
		p[24] = 1;
	kfree((void *)p);
}

static void freed_lock(void)
{
	spinlock_t *lock = kmalloc(sizeof(*lock), GFP_KERNEL);

	if (!lock)
		return;
	spin_lock_init(lock);
	kfree(lock);
	OPTIMIZER_HIDE_VAR(lock);
	if (spin_trylock(lock))
		spin_unlock(lock);
}

static void shift(void)
{
	int by = 40;

	OPTIMIZER_HIDE_VAR(by);
	sink = 1 << by;
}

static void expired(struct timer_list *timer)
{
}

static void freed_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, expired, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static void sleep_in_atomic(void)
{
	spin_lock(&guard);
	mutex_lock(&one);
	mutex_unlock(&one);
	spin_unlock(&guard);
}

static void order(void)
{
	mutex_lock(&one);
	mutex_lock(&two);
	mutex_unlock(&two);
	mutex_unlock(&one);
	mutex_lock(&two);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&two);
}

static int __init planted_init(void)
{
	if (!strcmp(what, "warn"))
		WARN(1, "planted\n");
	else if (!strcmp(what, "leak"))
		leak();
	else if (!strcmp(what, "overrun"))
		overrun();
	else if (!strcmp(what, "freed"))
		freed_lock();
	else if (!strcmp(what, "shift"))
		shift();
	else if (!strcmp(what, "unlocked"))
		sink = !!rcu_dereference(pointed);
	else if (!strcmp(what, "moving"))
		sink = smp_processor_id();
	else if (!strcmp(what, "timer"))
		freed_timer();
	else if (!strcmp(what, "sleep"))
		sleep_in_atomic();
	else if (!strcmp(what, "order"))
		order();
	return 0;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);
MODULE_DESCRIPTION("Trouble planted to prove that the log scanner sees it");
MODULE_LICENSE("GPL");
