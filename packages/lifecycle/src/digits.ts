/** Decimals of a number as it is written: 31.2098 has four. */
export function decimalsOf(n: number): number {
  const [mantissa = '', exponent = '0'] = String(n).split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
}
