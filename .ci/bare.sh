# What .ci/packages and .ci/bars share: a root with what any container has, and nothing else.
chroot=$(PATH=$PATH:/usr/sbin command -v chroot)
# /proc, /dev/null and places for files. No shell, no libc, no other program.
bare() {
  mkdir -p "$1/proc" "$1/dev" "$1/tmp" "$1/root" "$1/etc" "$1/usr/bin"
  mount -t proc proc "$1/proc"
  [ -e "$1/dev/null" ] || mknod -m 666 "$1/dev/null" c 1 3
}
# Ends what still runs in a root: a rehearsal's world waits for whoever goes on.
end_all() {
  local process
  for process in /proc/[0-9]*; do
    if [ "$(readlink "$process/root" || true)" = "$1" ]; then kill -KILL "${process#/proc/}" 2>/dev/null || true; fi
  done
}
