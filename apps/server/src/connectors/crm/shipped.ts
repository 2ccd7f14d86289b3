import type { z } from 'zod'
import type { ShippedMapping } from '#contracts/intake.schema'

/**
 * Salesforce WorkOrder as the REST API answers a SOQL query with its relationships (Account, Contact, Asset,
 * ServiceContract, WorkType). Fields as in “WorkOrder”, Object Reference for the Salesforce Platform:
 * https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-workorder.html
 */
const salesforceWorkOrder = `/* Salesforce WorkOrder (REST/SOQL record with relationships).
   Object Reference for the Salesforce Platform, "WorkOrder":
   https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-workorder.html */
(
  $texts := function($list) { $filter($list, function($v) { $type($v) = 'string' and $trim($v) != '' }) };
  $words := $lowercase($join($texts([WorkType.Name, Subject]), ' '));
  $address := $join($texts([State, City, Street]), '');
  {
    'externalId': Id,
    'customer': { 'externalId': AccountId, 'name': Account.Name },
    'site': $address ? {
      'externalId': LocationId,
      'name': Location.Name,
      'address': $address,
      /* The object says nothing about the datum of its geocode. */
      'point': $type(Latitude) = 'number' and $type(Longitude) = 'number'
        ? { 'lat': Latitude, 'lng': Longitude, 'datum': 'unknown', 'source': 'salesforce' } : null
    } : null,
    'contact': Contact.Name ? { 'name': Contact.Name, 'phone': Contact.Phone, 'email': Contact.Email } : null,
    'contractRef': ServiceContract.ContractNumber,
    'product': Asset.Product2.Name,
    'asset': Asset.SerialNumber ? { 'serial': Asset.SerialNumber, 'model': Asset.Product2.Name, 'name': Asset.Name } : null,
    'title': $substring($texts([Subject, WorkOrderNumber])[0], 0, 200),
    'text': Description ? $substring(Description, 0, 4000) : null,
    'promise': StartDate and EndDate ? { 'start': StartDate, 'end': EndDate } : null,
    'durationMin': DurationInMinutes >= 5 ? $round(DurationInMinutes) : null,
    'type':
      $contains($words, /安装|部署|实施|上线|install|deploy/) ? 'install' :
      $contains($words, /升级|upgrade/) ? 'upgrade' :
      $contains($words, /维修|故障|报修|无法|repair|fault|break/) ? 'repair' :
      $contains($words, /巡检|保养|inspect|maintenance/) ? 'inspect' :
      $contains($words, /培训|train/) ? 'train' :
      $contains($words, /调研|勘察|survey/) ? 'survey' : 'other',
    'priority': $lookup({ 'Critical': 'urgent', 'High': 'high', 'Medium': 'normal', 'Low': 'low' }, Priority ? Priority : 'Medium')
  }
)`

export const shippedMappings: Record<z.output<typeof ShippedMapping>, string> = {
  'salesforce-workorder': salesforceWorkOrder,
}
