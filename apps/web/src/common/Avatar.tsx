import './Avatar.css'

/** The two letters a person is known by: 张伟 → 张伟, 欧阳建国 → 建国, Anna Li → AL. */
export function initials(name: string): string {
  const clean = name.trim()
  if (/\p{Script=Han}/u.test(clean)) return [...clean.replace(/[^\p{Script=Han}]/gu, '')].slice(-2).join('')
  const parts = clean.split(/\s+/)
  return ((parts[0]?.[0] ?? '?') + (parts.length > 1 ? (parts.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** 0..7 from an id: the same person has the same hue everywhere. */
export function hueOf(id: string): number {
  let h = 0
  for (const c of id) h = (h * 31 + (c.codePointAt(0) ?? 0)) >>> 0
  return h % 8
}

/** A person as initials on a quiet hue; hues mean nothing but "the same person". */
export function Avatar({ id, name, src, size = 24 }: { id: string; name: string; src?: string | null; size?: number }) {
  const box = { width: size, height: size, fontSize: Math.max(10, Math.round(size * 0.4)) }
  if (src) return <img className="zc-avatar" src={src} alt={name} style={box} />
  return (
    <span className="zc-avatar" data-hue={hueOf(id)} style={box} aria-hidden>
      {size < 22 ? initials(name).slice(-1) : initials(name)}
    </span>
  )
}

/** Avatar and name in one line, with an optional second word (role, team). */
export function PersonChip({
  id,
  name,
  note,
  src,
  size = 22,
}: {
  id: string
  name: string
  note?: string
  src?: string | null
  size?: number
}) {
  return (
    <span className="zc-person" title={note ? `${name} · ${note}` : name}>
      <Avatar id={id} name={name} src={src} size={size} />
      <span className="zc-clip">{name}</span>
      {note && <small className="zc-clip">{note}</small>}
    </span>
  )
}
