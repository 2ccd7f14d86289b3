import { useCall } from '../../common/api/query'

export function useVisit(id: string) {
  return useCall('GET /api/visits/:id', { params: { id } }, { watch: [{ aggregate: 'visit', id }, 'evidence'] })
}
export function useDocuments(visitId: string, enabled = true) {
  return useCall('GET /api/documents', { query: { visitId } }, { watch: ['document'], enabled })
}
export function useDocument(id: string) {
  return useCall('GET /api/documents/:id', { params: { id } }, { watch: [{ aggregate: 'document', id }] })
}
