import { type RefObject, useEffect } from 'react'

/** Opens a <dialog> as a modal (the browser traps the focus and gives it back) and closes it with `open`. */
export function useModal(ref: RefObject<HTMLDialogElement | null>, open: boolean) {
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (open && !dialog.open) dialog.showModal()
    if (!open && dialog.open) dialog.close()
  }, [ref, open])
}
