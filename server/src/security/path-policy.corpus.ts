/**
 * Path forms that attackers try, for a root that has a sibling `outside/`, a look-alike sibling `root-evil/`, an
 * upper-case sibling and the links that `path-policy.test.ts` makes. `target` is a file name that may exist there or not:
 * every form must be refused, and refused alike for both.
 */
export function hostilePaths(root: string, target: string): string[] {
  const base = root.slice(0, root.lastIndexOf('/'))
  const rootName = root.slice(base.length + 1)

  /** How "up one directory" has been written to get past filters. */
  const ups = [
    ...['../', './../', '..//', '.././', '/../', '..\\', '..\\/', '....//', '.../', '..../', '. ./', '.. /', ' ../'],
    ...['%2e%2e/', '%2e%2e%2f', '..%2f', '%2E%2E%2F', '.%2e/', '%2e./', '%252e%252e%252f', '..%5c', '%2e%2e%5c'],
    ...['..%c0%af', '%c0%ae%c0%ae/', '..%c1%9c', '..%ef%bc%8f', '..%u2215', '%uff0e%uff0e/', '..;/', '..%00/', '..\0/'],
    ...['\uff0e\uff0e/', '\u2025/', '..\u2215', '..\u2044', '..\uff0f', '..\u29f8', '..\u2216', '\u2024\u2024/'],
    ...['.\u200b./', '..\u200b/', '\u202e../', '..\u00ad/', '..\t/', '..\r/', '..\n/', '..\u0085/', '..\u2028/'],
  ]
  const climbs = ups.flatMap((up) => [
    `${up}outside/${target}`,
    `sub/deep/${up.repeat(3)}outside/${target}`,
    `${root}/${up}outside/${target}`,
    `none/${up.repeat(2)}outside/${target}`,
  ])

  const throughLinks = [
    `link-dir-out/${target}`,
    `link-dir-out/./${target}`,
    `link-dir-out/dir/${target}`,
    `link-dir-out/../outside/${target}`,
    `link-dir-out/none/../${target}`,
    `link-parent/outside/${target}`,
    `link-parent/link-parent/${target}`,
    `link-parent/${rootName}-evil/${target}`,
    `sub/../link-dir-out/${target}`,
    `link-dir-in/../../../outside/${target}`,
    `link-dir-in/../../link-dir-out/${target}`,
    `link-chain.do/${target}`,
    `link-out.do/${target}`,
    `link-out-missing.do/${target}`,
    `loop-a.do/${target}`,
    `link-etc/${target}`,
    `link-etc/ssh/${target}`,
    `link-proc/cwd/${target}`,
    `link-proc/root/${base}/outside/${target}`,
    `link-proc/fd/0/${target}`,
    `link-proc/../self/root/${base}/outside/${target}`,
    `${root}/link-proc/task/../root${base}/outside/${target}`,
  ]

  const absolute = [
    `${base}/outside/${target}`,
    `/${base}/outside/${target}`,
    `//${base}/outside/${target}`,
    `${base}//outside//${target}`,
    `${base}/./outside/${target}`,
    `${base}/outside/../outside/${target}`,
    `${base}/outside/dir/${target}`,
    `${base}/outside/none/${target}`,
    `${root}-evil/${target}`,
    `${root}-EVIL/${target}`,
    `${root}.do/${target}`,
    `${root} /${target}`,
    `${root}\\..\\outside\\${target}`,
    `${base}/ROOT/${target}`,
    `${base}/Root/${target}`,
    `${base}/ro\u006ft\u0301/${target}`,
    `${base}/\uff52oot/${target}`,
    `${base}/r\u043eot/${target}`,
    `${base}/root\u200b/${target}`,
    `${root}/../${target}`,
    `${root}/..`,
    `${root}/../`,
    `${root}/../..`,
    `${root}/sub/../../outside`,
    `/etc/${target}`,
    `/etc/../etc/${target}`,
    `/root/.ssh/${target}`,
    `/home/${target}`,
    `/var/run/${target}`,
    `/proc/self/${target}`,
    `/proc/self/fd/${target}`,
    `/proc/self/root${base}/outside/${target}`,
    `/proc/self/root${root}/../outside/${target}`,
    `/proc/thread-self/cwd/${target}`,
    `/dev/fd/${target}`,
    `/dev/shm/${target}`,
    `/dev/mqueue/${target}`,
    `/sys/kernel/${target}`,
    `/tmp/${target}`,
    `/${target}`,
    `/../${target}`,
    `/..//../${target}`,
    `/./${target}`,
  ]

  /** Devices, processes and well-known secrets, which `target` has no part in. */
  const fixed = [
    ...['/etc/passwd', '/etc/shadow', '/etc/hosts', '/root/.bashrc', '/root/.ssh/id_rsa', '/etc/ssl/private'],
    ...['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/tty', '/dev/stdin', '/dev/stdout'],
    ...['/dev/stderr', '/dev/fd/0', '/dev/fd/1', '/dev/mem', '/dev/kmsg', '/dev/watchdog', '/dev/ptmx', '/dev/sda'],
    ...['/proc/self/environ', '/proc/self/mem', '/proc/self/maps', '/proc/self/cmdline', '/proc/self/exe', '/proc/1'],
    ...['/proc/kcore', '/proc/kmsg', '/proc/sysrq-trigger', '/proc/net/tcp', '/proc/1/environ', '/proc/self/fd/0'],
    ...['/sys/kernel/notes', '/sys/power/state', '/', '//', '/.', '/..', '/proc', '/dev', '/sys', '/etc', '/tmp'],
    ...['link-out.do', 'link-out-missing.do', 'link-chain.do', 'link-dir-out', 'link-dir-out/', 'link-dir-out/.'],
    ...['link-etc/passwd', 'link-proc/environ', 'link-proc/mem', 'link-proc/cwd', 'link-proc/fd/0', 'link-parent'],
    ...['loop-a.do', 'dev-null.do', 'dev-zero.do', 'dev-tty.do', 'stdin.do', 'environ.do', 'reserved/tokens.json'],
    ...['fifo.do', 'socket.do', 'fifo.do/', 'socket.do/x', 'reserved', 'reserved/', 'reserved/../reserved/tokens.json'],
    ...[
      'C:\\Windows\\win.ini',
      'C:/Windows/win.ini',
      '\\\\server\\share\\x.do',
      '//server/share/x.do',
      '\\\\?\\C:\\x.do',
    ],
    ...['CON', 'NUL.do', 'COM1', 'main.do::$DATA', 'main.do:stream', 'MAIN.DO', 'main.do ', 'main.do.', 'main.do%00'],
    ...['main.do\0', 'main.do\0.png', '\0', '\0/etc/passwd', 'main.do\n', 'main.do\r\nSet-Cookie: x=1', 'main.do;ls'],
    ...['~', '~/.ssh/id_rsa', '~root/.bashrc', '$HOME/.bashrc', `\${HOME}/.bashrc`, '`id`', '$(id)', '*', '*.d?', '-'],
    ...['file:///etc/passwd', 'file:/etc/passwd', 'http://localhost/x.do', 'http://169.254.169.254/', 'data:,x', ''],
    ...[
      ' ',
      '\t',
      '\ud800',
      'main\udc00.do',
      'main\ufffd.do',
      'cafe\u0301.do',
      'ma\u0131n.do',
      'ｍain.do',
      'main\u2024do',
    ],
    ...[
      'a'.repeat(256),
      'a'.repeat(5_000),
      'a/'.repeat(1_000),
      '../'.repeat(200),
      './'.repeat(3_000),
      '/'.repeat(4_097),
    ],
  ]

  return [...new Set([...climbs, ...throughLinks, ...absolute, ...fixed])]
}
