/**
 * The shell that stands between the gateway and the engine, and outlives the gateway.
 *
 * - It claims the launch: only one process can create the claim, so a run is never started twice, not even when the
 *   gateway died between spawning and remembering.
 * - It leaves its pid and start time for a later gateway to find it by.
 * - It waits for the engine and records its exit status. SIGTERM to the process group reaches the engine; the shell
 *   itself only notes it (a trapped signal, unlike an ignored one, is not inherited by the engine).
 *
 * POSIX sh; arguments: claim file, exit file, console file, then the command.
 */
export const LAUNCH_SCRIPT = `
claim=$1 exit=$2 console=$3
shift 3
trap : TERM HUP INT QUIT
start_time() {
  if read -r stat < /proc/$$/stat && read -r boot < /proc/sys/kernel/random/boot_id; then
    set -- \${stat##*) }
    shift 19
    echo "$boot/$1"
  else
    ps -o lstart= -p $$ | tr -s ' ' _
  fi
} 2>/dev/null
set -C
echo "$$ $(start_time)" > "$claim" || exit 125
set +C
"$@" < /dev/null > "$console" 2>&1
status=$?
echo "$status" > "$exit"
`
