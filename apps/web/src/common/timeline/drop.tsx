import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  PointerSensor,
  useDraggable,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'

export type Slot = { rowId: string; start: number }
type Target = { hit: (x: number, y: number) => Slot | null; preview: (slot: Slot | null, lengthMin: number) => void }
const Context = createContext<{ register: (target: Target | null) => void } | null>(null)

/** The timeline tells the board where a point lies. */
export function useDropTarget() {
  return useContext(Context)
}

// A card is dragged by pointer only and is no draggable for a screen reader: the library's English instructions and
// announcements would be read to people who hear Chinese.
const quiet = {
  screenReaderInstructions: { draggable: '' },
  announcements: {
    onDragStart: () => undefined,
    onDragOver: () => undefined,
    onDragEnd: () => undefined,
    onDragCancel: () => undefined,
  },
}

/**
 * Puts a list of cards and a `Timeline` on one board: a `DragCard` dropped on the timeline calls `onDrop` with the
 * person and the snapped start. Keyboard users have the same by the candidates panel's own buttons.
 */
export function DragBoard({
  onDrop,
  overlay,
  children,
}: {
  onDrop: (cardId: string, slot: Slot) => void
  overlay: (cardId: string) => ReactNode
  children: ReactNode
}) {
  const target = useRef<Target | null>(null)
  const [dragged, setDragged] = useState<string | null>(null)
  // A press of 5 pixels is a drag; less stays a click on the card.
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }))
  const register = useCallback((next: Target | null) => {
    target.current = next
  }, [])
  const value = useMemo(() => ({ register }), [register])
  const slotOf = (e: Pick<DragEndEvent, 'activatorEvent' | 'delta'>) => {
    const from = e.activatorEvent as PointerEvent
    return target.current?.hit(from.clientX + e.delta.x, from.clientY + e.delta.y) ?? null
  }
  return (
    <Context value={value}>
      <DndContext
        sensors={sensors}
        accessibility={quiet}
        onDragStart={(e) => setDragged(String(e.active.id))}
        onDragMove={(e) => target.current?.preview(slotOf(e), Number(e.active.data.current?.lengthMin ?? 60))}
        onDragCancel={() => {
          setDragged(null)
          target.current?.preview(null, 0)
        }}
        onDragEnd={(e) => {
          const slot = slotOf(e)
          setDragged(null)
          target.current?.preview(null, 0)
          if (slot) onDrop(String(e.active.id), slot)
        }}
      >
        {children}
        <DragOverlay dropAnimation={null}>{dragged !== null && overlay(dragged)}</DragOverlay>
      </DndContext>
    </Context>
  )
}

/** A card that may be dragged onto the timeline; `lengthMin` sizes the shadow that shows where it would land. */
export function DragCard({
  id,
  lengthMin,
  disabled,
  children,
}: {
  id: string
  lengthMin: number
  disabled?: boolean
  children: ReactNode
}) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id, data: { lengthMin }, disabled })
  return (
    <div ref={setNodeRef} {...listeners} style={{ opacity: isDragging ? 0.4 : undefined, touchAction: 'none' }}>
      {children}
    </div>
  )
}
