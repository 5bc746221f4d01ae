// Agents as their creators register, describe and retire them.
import { BigInt } from '@graphprotocol/graph-ts'
import {
  AgentDeactivated,
  AgentReactivated,
  AgentRegistered,
  AgentUpdated,
} from '../generated/AgentRegistry/AgentRegistry'
import { Agent } from '../generated/schema'
import { loadTotals } from './totals'

export function handleAgentRegistered(event: AgentRegistered): void {
  const agent = new Agent(event.params.agentId.toString())
  agent.agentId = event.params.agentId
  agent.creator = event.params.creator
  agent.metadataCID = event.params.metadataCID
  agent.active = true
  agent.licenceCount = 0
  agent.saleCount = 0
  agent.volume = BigInt.zero()
  agent.createdAt = event.block.timestamp
  agent.createdAtBlock = event.block.number
  agent.createdTransaction = event.transaction.hash
  agent.updatedAt = event.block.timestamp
  agent.save()

  const totals = loadTotals()
  totals.agents += 1
  totals.save()
}

export function handleAgentUpdated(event: AgentUpdated): void {
  const agent = Agent.load(event.params.agentId.toString())
  if (agent == null) return
  agent.metadataCID = event.params.metadataCID
  agent.updatedAt = event.block.timestamp
  agent.save()
}

export function handleAgentDeactivated(event: AgentDeactivated): void {
  setActive(event.params.agentId, false, event.block.timestamp)
}

export function handleAgentReactivated(event: AgentReactivated): void {
  setActive(event.params.agentId, true, event.block.timestamp)
}

function setActive(agentId: BigInt, active: boolean, timestamp: BigInt): void {
  const agent = Agent.load(agentId.toString())
  if (agent == null) return
  agent.active = active
  agent.updatedAt = timestamp
  agent.save()
}
