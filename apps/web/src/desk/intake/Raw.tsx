/** Text as it came, to be scrolled by mouse or keyboard. */
export function Raw({ label, children }: { label: string; children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long content is scrolled by keyboard too.
    <section className="intake-payload" aria-label={label} tabIndex={0}>
      <pre>{children}</pre>
    </section>
  )
}
