import { RUN_ID_VARIABLE } from './run-processes.ts'

/**
 * The shell that stands between the gateway and the engine, and outlives the gateway.
 *
 * - It is started before there is anything to launch, and waits to be told what (`launch-shell.ts`). It ends when the
 *   gateway goes without having told it.
 * - It claims the launch with a hard link, which is made whole or not at all and only once: a run is never started
 *   twice, not even when the gateway died between telling and remembering.
 * - The claim is its pid and start time, for a later gateway to find it by, and the machine's uptime. The
 *   launching gateway is told the same, or why nothing was started; it removes the name that was linked.
 * - It waits for the engine, records its exit status and ends with it too. SIGTERM to the process group reaches the
 *   engine; the shell itself only notes it (a trapped signal, unlike an ignored one, is not inherited by the engine).
 *   A gateway that is gone before it is told (SIGPIPE) is only noted as well.
 *
 * Its variables have names that no engine's environment has. Each process that it makes delays the engine by a
 * millisecond or more, so it makes one for the claim and one for the engine. Opens the console before it starts
 * anything, to append, since an attempt that loses the claim must not empty another's. The engine is exec'ed in a
 * subshell, or some shells would write their "Killed" to its console.
 *
 * POSIX sh; its arguments are the command, its standard input is empty. On descriptor 3, which goes both ways, it is told
 * what to launch, a line each: run id, directory to run in, claim file, exit file, console file.
 */
export const LAUNCH_SCRIPT = `
exec 2>&3
trap : TERM HUP INT QUIT PIPE
{
  if read -r TAILGATE_STAT < /proc/$$/stat; then
    read -r TAILGATE_BOOT < /proc/sys/kernel/random/boot_id
    identify() {
      set -- \${TAILGATE_STAT##*) }
      shift 19
      TAILGATE_CLAIM="$$ $TAILGATE_BOOT/$1"
    }
    identify
  else
    TAILGATE_CLAIM="$$ $(
      set -- $(LC_ALL=C TZ=UTC0 command -p ps -o lstart= -p $$)
      IFS=_
      echo "$*"
    )"
  fi
} 2> /dev/null
{
  IFS= read -r ${RUN_ID_VARIABLE} &&
    IFS= read -r TAILGATE_DIRECTORY &&
    IFS= read -r TAILGATE_CLAIM_FILE &&
    IFS= read -r TAILGATE_EXIT_FILE &&
    IFS= read -r TAILGATE_CONSOLE_FILE
} <&3 || exit 0
cd "$TAILGATE_DIRECTORY" || exit 125
unset OLDPWD
exec 4>> "$TAILGATE_CONSOLE_FILE" || exit 125
if read -r TAILGATE_UPTIME < /proc/uptime; then
  TAILGATE_CLAIM="$TAILGATE_CLAIM \${TAILGATE_UPTIME%% *}"
fi 2> /dev/null
echo "$TAILGATE_CLAIM" > "$TAILGATE_CLAIM_FILE.$$" && command -p ln "$TAILGATE_CLAIM_FILE.$$" "$TAILGATE_CLAIM_FILE" || {
  command -p rm -f "$TAILGATE_CLAIM_FILE.$$"
  exit 125
}
echo "$TAILGATE_CLAIM" >&3
exec 2> /dev/null 3>&-
(exec "$@" >&4 2>&1 4>&-)
set -- "$?"
echo "$1" > "$TAILGATE_EXIT_FILE"
exit "$1"
`
