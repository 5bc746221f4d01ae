// Names of roles: a role on chain is the keccak256 of its name.
import { Bytes } from '@graphprotocol/graph-ts'

export function roleName(role: Bytes): string {
  const hex = role.toHexString()
  if (hex == '0xdf8b4c520ffe197c5343c6f5aec59570151ef9a492f2c624fd45ddde6135ec42') return 'ADMIN'
  if (hex == '0x523a704056dcd17bcf83bed8b68c59416dac1119be77755efe3bde0a64e46e0c') return 'OPERATOR'
  if (hex == '0xffa60083152bd11704a80cc8c7a409dad8aa74288b454a3ba0e94c0abc7cf168') return 'MEMBER'
  if (hex == '0xd8994f6d76f930dc5ea8c60e38e6334a87bb8539cc3082ac6828681c33316e3d') return 'AUDITOR'
  return hex
}
