// Transfers of any ERC-20 token. An ERC-721 emits the same signature with a third indexed parameter; such logs do not decode as this
// event and never come here.
import { Address, BigInt, ethereum } from '@graphprotocol/graph-ts'
import { ERC20, Transfer as TransferEvent } from '../generated/ERC20/ERC20'
import { Token, TokenBalance, Transfer } from '../generated/schema'

export function handleTransfer(event: TransferEvent): void {
  const from = event.params.from
  const to = event.params.to
  const value = event.params.value
  const token = loadToken(event.address)
  token.transferCount = token.transferCount.plus(BigInt.fromI32(1))
  token.volume = token.volume.plus(value)
  if (from == Address.zero()) token.netMinted = token.netMinted.plus(value)
  if (to == Address.zero()) token.netMinted = token.netMinted.minus(value)
  token.save()

  if (from == to) {
    moveBalance(event.address, from, BigInt.zero(), event.block)
  } else {
    moveBalance(event.address, from, value.neg(), event.block)
    moveBalance(event.address, to, value, event.block)
  }

  const transfer = new Transfer(event.transaction.hash.concatI32(event.logIndex.toI32()))
  transfer.token = event.address
  transfer.from = from
  transfer.to = to
  transfer.value = value
  transfer.logIndex = event.logIndex
  transfer.block = event.block.number
  transfer.timestamp = event.block.timestamp
  transfer.transaction = event.transaction.hash
  transfer.save()
}

/** The token, asked for its name, symbol and decimals when first seen; what it does not answer stays null. */
function loadToken(address: Address): Token {
  let token = Token.load(address)
  if (token == null) {
    token = new Token(address)
    token.address = address
    token.transferCount = BigInt.zero()
    token.volume = BigInt.zero()
    token.netMinted = BigInt.zero()
    const contract = ERC20.bind(address)
    const name = contract.try_name()
    if (!name.reverted) token.name = name.value
    const symbol = contract.try_symbol()
    if (!symbol.reverted) token.symbol = symbol.value
    const decimals = contract.try_decimals()
    if (!decimals.reverted) token.decimals = decimals.value
  }
  return token
}

function moveBalance(token: Address, account: Address, change: BigInt, block: ethereum.Block): void {
  if (account == Address.zero()) return
  const id = token.concat(account)
  let balance = TokenBalance.load(id)
  if (balance == null) {
    balance = new TokenBalance(id)
    balance.token = token
    balance.account = account
    balance.balance = BigInt.zero()
    balance.transferCount = BigInt.zero()
  }
  balance.balance = balance.balance.plus(change)
  balance.transferCount = balance.transferCount.plus(BigInt.fromI32(1))
  balance.updatedAtBlock = block.number
  balance.save()
}
