// A wallet that the browser injects (EIP-1193): signs in with SIWE messages and sends transactions on a real chain.
export interface UnsignedTransaction {
  readonly to: string;
  readonly data: string;
  /** Wei, decimal. */
  readonly value: string;
  readonly chainId: number;
}

interface Provider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

function provider(): Provider | null {
  const { ethereum } = window as { ethereum?: Provider };
  return ethereum ?? null;
}

export function hasWallet(): boolean {
  return provider() !== null;
}

function connected(): Provider {
  const found = provider();
  if (!found) throw new Error('No wallet found. Install one, or use a key kept in this browser.');
  return found;
}

/** Address the wallet's owner lets this page see, lower case. Throws when none is allowed. */
export async function walletAddress(): Promise<string> {
  const accounts = (await connected().request({ method: 'eth_requestAccounts' })) as readonly string[];
  const first = accounts[0];
  if (!first) throw new Error('The wallet shared no account.');
  return first.toLowerCase();
}

export async function walletSign(address: string, message: string): Promise<string> {
  return (await connected().request({ method: 'personal_sign', params: [message, address] })) as string;
}

/** Waits until a transaction is in a block. Throws when it failed there. */
export async function walletIncluded(hash: string): Promise<void> {
  const wallet = connected();
  for (;;) {
    const receipt = (await wallet.request({ method: 'eth_getTransactionReceipt', params: [hash] })) as {
      status: string;
    } | null;
    if (receipt?.status === '0x0') throw new Error(`The transaction ${hash} failed on the chain.`);
    if (receipt) return;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

/** Sends a transaction from `from`; resolves to its hash. Moves the wallet to the transaction's chain first. */
export async function walletSend(from: string, transaction: UnsignedTransaction): Promise<string> {
  const wallet = connected();
  const chainId = `0x${transaction.chainId.toString(16)}`;
  if ((await wallet.request({ method: 'eth_chainId' })) !== chainId) {
    await wallet.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] });
  }
  const value = `0x${BigInt(transaction.value).toString(16)}`;
  const params = [{ from, to: transaction.to, data: transaction.data, value }];
  return (await wallet.request({ method: 'eth_sendTransaction', params })) as string;
}
