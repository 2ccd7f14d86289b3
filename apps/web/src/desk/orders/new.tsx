export default function NewOrder() {
  return null
}
