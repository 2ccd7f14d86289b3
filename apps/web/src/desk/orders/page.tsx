import { useNavigate, useParams } from '@tanstack/react-router'
import { ListDetail } from '../../common/ListDetail'
import { OrderDetail } from './Detail'
import { OrderList } from './List'
import './orders.css'

/** The list of orders with one of them beside it; the address names both the view and the order. */
export default function OrdersPage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const open = (next: string | null) =>
    void navigate({ to: next ? `/orders/${next}` : '/orders', search: ((s: unknown) => s) as never })
  return (
    <ListDetail
      id="orders"
      list={<OrderList openId={id ?? null} onOpen={open} />}
      detail={id ? <OrderDetail key={id} id={id} /> : null}
      onClose={() => open(null)}
    />
  )
}
