/**
 * The shell that stands between the gateway and the engine, and outlives the gateway.
 *
 * - It claims the launch with a hard link, which is made whole or not at all and only once: a run is never started
 *   twice, not even when the gateway died between spawning and remembering.
 * - The claim is its pid and start time, for a later gateway to find it by. On descriptor 3 the launching gateway is
 *   told the same, or why nothing was started.
 *   The name that was linked is removed beside the engine's start, which need not wait for that.
 * - It waits for the engine, records its exit status and ends with it too. SIGTERM to the process group reaches the
 *   engine; the shell itself only notes it (a trapped signal, unlike an ignored one, is not inherited by the engine).
 *   A gateway that is gone before it is told (SIGPIPE) is only noted as well.
 *
 * Sets no variable outside a subshell: one of that name may be in the engine's environment. Opens the console before
 * it starts anything, to append, since an attempt that loses the claim must not empty another's. The engine is exec'ed
 * in a subshell, or some shells would write their "Killed" to its console.
 *
 * POSIX sh; arguments: claim file, exit file, console file, then the command.
 */
export const LAUNCH_SCRIPT = `
exec 2>&3
trap : TERM HUP INT QUIT PIPE
identity() {
  if read -r stat < /proc/$$/stat; then
    read -r boot < /proc/sys/kernel/random/boot_id
    set -- \${stat##*) }
    shift 19
    echo "$boot/$1"
  else
    set -- $(LC_ALL=C TZ=UTC0 command -p ps -o lstart= -p $$)
    IFS=_
    echo "$*"
  fi
} 2> /dev/null
set -- "$$ $(identity)" "$@"
exec 4>> "$4" || exit 125
echo "$1" > "$2.$$" && command -p ln "$2.$$" "$2" || {
  command -p rm -f "$2.$$"
  exit 125
}
echo "$1" >&3
exec 2> /dev/null 3>&-
command -p rm -f "$2.$$" 4>&- &
(
  shift 4
  exec "$@" < /dev/null >&4 2>&1 4>&-
)
set -- "$?" "$3"
echo "$1" > "$2"
exit "$1"
`
