/** What is used of WebAssembly's own interface, which neither Node.js' types nor the language's have. */
declare namespace WebAssembly {
  class Module {
    private readonly module
    constructor(bytes: Uint8Array)
  }

  class Memory {
    readonly buffer: ArrayBuffer
    /** In pages of 64 KiB. */
    constructor(size: { initial: number; maximum: number })
  }

  class Instance {
    readonly exports: unknown
    constructor(module: Module, imports: { env: { memory: Memory } })
  }
}
