/** Text that is kept on this phone until it has been sent. A browser that forbids storage only loses the safety net. */
export function storage(key: string) {
  const name = `zc:link:${key}`
  return {
    read(): string {
      try {
        return localStorage.getItem(name) ?? ''
      } catch {
        return ''
      }
    },
    write(text: string) {
      try {
        localStorage.setItem(name, text)
      } catch {
        // Private mode or a full disk: the field itself still holds the text.
      }
    },
    clear() {
      try {
        localStorage.removeItem(name)
      } catch {
        // As above.
      }
    },
  }
}
