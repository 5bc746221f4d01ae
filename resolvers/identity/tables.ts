// The tables of identity as Kysely knows them.
import type { JWK } from 'jose';
import type { Generated } from 'kysely';

export interface IdentityTables {
  'identity.accounts': { id: string; created_at: Generated<Date> };
  'identity.addresses': {
    caip10: string;
    account_id: string;
    kind: 'proven' | 'devnet';
    linked_at: Generated<Date>;
  };
  'identity.challenges': {
    id: string;
    purpose: 'sign-in' | 'link';
    subject: string;
    account_id: string | null;
    domain: string;
    message: string;
    ip: string;
    created_at: Date;
    expires_at: Date;
    used_at: Date | null;
  };
  'identity.sessions': {
    id: string;
    account_id: string;
    scopes: string[];
    created_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
    revoked_reason: string | null;
  };
  'identity.refresh_tokens': { hash: Buffer; session_id: string; created_at: Date; used_at: Date | null };
  'identity.signing_keys': { kid: string; public_jwk: JWK; private_jwk: JWK; created_at: Date };
}
