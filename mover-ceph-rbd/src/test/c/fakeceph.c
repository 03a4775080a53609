/* librados and librbd as no cluster ever is: each function answers what a test told it, and counts. All take nine words, as they are called. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS long a, long b, long c, long d, long e, long f, long g, long h, long i
#define UNUSED (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h, (void)i
#define RULES 64
#define EXTENTS 4096

static struct { char name[64]; long result; long after; } rules[RULES];
static int rule_count;
static struct { char name[64]; long count; } calls[256];
static int call_count;
static long open_things, next_handle = 1000, snapshots, aborted_calls;
static char order[4096], conf[4096];
static struct { uint64_t offset, length; int exists; } extents[EXTENTS];
static int extent_count;

/* What a test says and asks. */
long fake_reset(WORDS) { UNUSED; rule_count = call_count = extent_count = 0; open_things = snapshots = aborted_calls = 0; order[0] = conf[0] = 0; return 0; }
long fake_answer(WORDS) { /* name, result, after so many calls */
  UNUSED; snprintf(rules[rule_count].name, 64, "%s", (char *)a); rules[rule_count].result = b; rules[rule_count].after = c; rule_count++; return 0; }
long fake_snapshots(WORDS) { UNUSED; snapshots = a; return 0; }
long fake_extent(WORDS) { UNUSED; extents[extent_count].offset = a; extents[extent_count].length = b; extents[extent_count++].exists = c; return 0; }
long fake_open(WORDS) { UNUSED; return open_things; }
long fake_aborted(WORDS) { UNUSED; return aborted_calls; }
long fake_order(WORDS) { UNUSED; return (long)order; }
long fake_conf(WORDS) { UNUSED; return (long)conf; }

static long called(const char *name) {
  for (int n = 0; n < call_count; n++) if (!strcmp(calls[n].name, name)) return ++calls[n].count;
  snprintf(calls[call_count].name, 64, "%s", name); calls[call_count].count = 1; call_count++; return 1; }
static long scripted(const char *name, long usual) {
  long n = called(name);
  for (int r = 0; r < rule_count; r++) if (!strcmp(rules[r].name, name) && n > rules[r].after) return rules[r].result;
  return usual; }
static long opening(const char *name, long *out) {
  long result = scripted(name, 0);
  if (result >= 0) { *out = next_handle++; open_things++; }
  return result; }
static long closing(const char *name) {
  called(name); open_things--;
  if (strlen(order) + strlen(name) + 2 < sizeof order) { strcat(order, name); strcat(order, " "); }
  return 0; }

#define PLAIN(name) long name(WORDS) { UNUSED; return scripted(#name, 0); }
#define OPEN(name, out) long name(WORDS) { UNUSED; return opening(#name, (long *)out); }
#define CLOSE(name) long name(WORDS) { UNUSED; return closing(#name); }
#define NUMBER(name, value) long name(WORDS) { UNUSED; long r = scripted(#name, 0); if (r >= 0) *(uint64_t *)b = value; return r; }

OPEN(rados_create2, a)
CLOSE(rados_shutdown)
PLAIN(rados_conf_read_file)
long rados_conf_set(WORDS) {
  UNUSED; long r = scripted("rados_conf_set", 0); size_t n = strlen(conf);
  snprintf(conf + n, sizeof conf - n, "%s=%s\n", (char *)b, (char *)c); return r; }
PLAIN(rados_connect)
long rados_cluster_fsid(WORDS) { UNUSED; long r = scripted("rados_cluster_fsid", 36); if (r >= 0) strcpy((char *)b, "00000000-0000-0000-0000-000000000001"); return r; }
PLAIN(rados_getaddrs)
long rados_buffer_free(WORDS) { UNUSED; called("rados_buffer_free"); if (a) { open_things--; free((void *)a); } return 0; }
long rados_mon_command(WORDS) {
  UNUSED; *(char **)f = strdup("answer"); *(size_t *)g = 6; *(char **)h = strdup("status"); *(size_t *)i = 6; open_things += 2;
  return scripted("rados_mon_command", 0); }
long rados_pool_lookup(WORDS) { UNUSED; return scripted("rados_pool_lookup", 7); }
long rados_pool_reverse_lookup(WORDS) { UNUSED; long r = scripted("rados_pool_reverse_lookup", 4); if (r >= 0) strcpy((char *)c, "pool"); return r; }
OPEN(rados_ioctx_create2, c)
CLOSE(rados_ioctx_destroy)
PLAIN(rados_ioctx_set_namespace)
long rados_create_read_op(WORDS) { UNUSED; open_things++; return next_handle++; }
CLOSE(rados_release_read_op)
long rados_read_op_omap_get_vals_by_keys2(WORDS) { UNUSED; *(long *)e = next_handle++; *(int *)f = (int)scripted("omap result", 0); open_things++; return 0; }
PLAIN(rados_read_op_operate)
long rados_omap_get_next2(WORDS) { UNUSED; *(long *)b = 0; return scripted("rados_omap_get_next2", 0); }
CLOSE(rados_omap_get_end)

long rbd_version(WORDS) { UNUSED; *(int *)a = 1; *(int *)b = 99; *(int *)c = 3; return 0; }
OPEN(rbd_open, c)
OPEN(rbd_open_read_only, c)
OPEN(rbd_open_by_id_read_only, c)
CLOSE(rbd_close)
PLAIN(rbd_create4)
PLAIN(rbd_remove)
OPEN(rbd_image_options_create, a)
CLOSE(rbd_image_options_destroy)
PLAIN(rbd_image_options_set_uint64)
PLAIN(rbd_image_options_set_string)
PLAIN(rbd_list2)
PLAIN(rbd_image_spec_list_cleanup)
PLAIN(rbd_trash_get)
PLAIN(rbd_trash_get_cleanup)
long rbd_stat(WORDS) { UNUSED; ((uint64_t *)b)[1] = 4 << 20; return scripted("rbd_stat", 0); }
NUMBER(rbd_get_size, 1 << 30)
NUMBER(rbd_get_features, 61 | 1L << 40)
NUMBER(rbd_get_flags, 3)
NUMBER(rbd_get_stripe_unit, 4 << 20)
NUMBER(rbd_get_stripe_count, 1)
NUMBER(rbd_get_overlap, 5)
long rbd_get_id(WORDS) { UNUSED; strcpy((char *)b, "abc"); return scripted("rbd_get_id", 0); }
PLAIN(rbd_get_data_pool_id)
PLAIN(rbd_get_group)
PLAIN(rbd_group_info_cleanup)
long rbd_get_parent(WORDS) { UNUSED; long r = scripted("rbd_get_parent", 0); if (r >= 0) open_things += 2; return r; }
CLOSE(rbd_linked_image_spec_cleanup)
CLOSE(rbd_snap_spec_cleanup)
PLAIN(rbd_list_children3)
PLAIN(rbd_linked_image_spec_list_cleanup)
PLAIN(rbd_metadata_get)
long rbd_snap_list(WORDS) {
  UNUSED; long r = scripted("rbd_snap_list", 0); int *max = (int *)c;
  if (r < 0) return r;
  if (*max < snapshots + 1) { *max = (int)snapshots + 1; return -ERANGE; }
  for (long n = 0; n < snapshots; n++) { uint64_t *s = (uint64_t *)b + 3 * n; s[0] = 10 + n; s[1] = 4096; s[2] = (uint64_t) "name"; }
  open_things++; return snapshots; }
CLOSE(rbd_snap_list_end)
PLAIN(rbd_snap_set_by_id)
PLAIN(rbd_snap_get_timestamp)
long rbd_snap_get_namespace_type(WORDS) { UNUSED; *(int *)c = 2; return scripted("rbd_snap_get_namespace_type", 0); }
long rbd_snap_get_trash_namespace(WORDS) { /* a name of 999 letters */
  UNUSED; if (d < 1000) return -ERANGE; memset((char *)c, 'n', 999); ((char *)c)[999] = 0; return scripted("rbd_snap_get_trash_namespace", 0); }
PLAIN(rbd_snap_get_group_namespace)
PLAIN(rbd_snap_group_namespace_cleanup)
static long diff(const char *name, long callback, long argument) {
  int (*tell)(uint64_t, size_t, int, void *) = (int (*)(uint64_t, size_t, int, void *))callback;
  int first = 0;
  for (int n = 0; n < extent_count; n++) {
    int r = tell(extents[n].offset, extents[n].length, extents[n].exists, (void *)argument);
    if (first < 0) aborted_calls++;
    if (r < 0 && !first) first = r;   /* and goes on for two more, as an exact diff may */
    if (first && aborted_calls == 2) break;
  }
  return first ? first : scripted(name, 0); }
long rbd_diff_iterate2(WORDS) { UNUSED; return diff("rbd_diff_iterate2", g, h); }
long rbd_diff_iterate3(WORDS) { UNUSED; return diff("rbd_diff_iterate3", f, g); }
long rbd_read2(WORDS) { UNUSED; return scripted("rbd_read2", c); }
long rbd_write2(WORDS) { UNUSED; return scripted("rbd_write2", c); }
PLAIN(rbd_discard)
PLAIN(rbd_write_zeroes)
PLAIN(rbd_resize)
PLAIN(rbd_flush)
OPEN(rbd_aio_create_completion, c)
long rbd_aio_wait_for_complete(WORDS) { UNUSED; strcat(order, "wait "); return scripted("rbd_aio_wait_for_complete", 0); }
PLAIN(rbd_aio_is_complete)
PLAIN(rbd_aio_get_return_value)
CLOSE(rbd_aio_release)
PLAIN(rbd_aio_read2)
PLAIN(rbd_aio_write2)
PLAIN(rbd_aio_discard)
PLAIN(rbd_aio_write_zeroes)
PLAIN(rbd_lock_acquire)
PLAIN(rbd_watchers_list)
PLAIN(rbd_watchers_list_cleanup)
