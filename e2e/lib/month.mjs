/** In the page: as many visits as a month of eight a day has, made from those that are there. */
export async function fillMonth() {
  const me = JSON.parse(localStorage.getItem('zc.me'))
  const db = await new Promise((done) => {
    const request = indexedDB.open(`zc.person.${me.id}`)
    request.onsuccess = () => done(request.result)
  })
  const store = db.transaction('rows', 'readwrite').objectStore('rows')
  const all = await new Promise((done) => {
    const request = store.getAll()
    request.onsuccess = () => done(request.result)
  })
  const like = all.find((r) => r.collection === 'visit')
  let n = all.filter((r) => r.collection === 'visit').length
  for (let d = -14; d < 14; d++)
    for (let k = 0; k < 8; k++) {
      const id = `00000000-0000-7000-8000-${String((d + 20) * 10 + k).padStart(12, '0')}`
      const start = Date.now() + d * 86_400_000 + k * 3_600_000
      const row = structuredClone(like.row)
      row.id = id
      row.fold.planned = { start, end: start + 3_000_000 }
      store.put({ ...like, id, hash: '0'.repeat(32), row })
      n++
    }
  await new Promise((done) => {
    store.transaction.oncomplete = done
  })
  db.close()
  return n
}

/** In the page: rows that the phone holds. */
export async function countVisits() {
  const me = JSON.parse(localStorage.getItem('zc.me'))
  const db = await new Promise((done) => {
    const request = indexedDB.open(`zc.person.${me.id}`)
    request.onsuccess = () => done(request.result)
  })
  const n = await new Promise((done) => {
    const request = db.transaction('rows').objectStore('rows').count()
    request.onsuccess = () => done(request.result)
  })
  db.close()
  return n
}
