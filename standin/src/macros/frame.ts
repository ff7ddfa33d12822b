/** The local macros of one running do-file or program. */
export class Frame {
  readonly locals = new Map<string, string>()

  /** Sets `0', the whole argument text, and `1' … `n'. */
  static withArguments(whole: string, words: readonly string[]): Frame {
    const frame = new Frame()
    frame.locals.set('0', whole)
    frame.setPositional(words)
    return frame
  }

  setPositional(words: readonly string[]): void {
    for (let i = words.length + 1; this.locals.delete(String(i)); i++);
    words.forEach((word, index) => {
      this.locals.set(String(index + 1), word)
    })
  }
}
