// The one row of counts over the whole directory.
import { DirectoryTotals } from '../generated/schema'

export function loadTotals(): DirectoryTotals {
  let totals = DirectoryTotals.load('1')
  if (totals == null) {
    totals = new DirectoryTotals('1')
    totals.networks = 0
    totals.publicNetworks = 0
    totals.communities = 0
    totals.environments = 0
    totals.members = 0
    totals.activeGrants = 0
  }
  return totals
}
