import { Injectable } from '@nestjs/common';
import { SandboxFacts } from '../options.js';
import { BizError } from '../rules/errors.js';
import { newUserId } from '../rules/ids.js';
import type { Account } from '../store/records.js';
import { Store } from '../store/store.js';

export const DEMO_BUYER = 'buyer@sandbox.example';
/** The payment password of every account here, like the real sandbox's default one. */
export const PAY_PASSWORD = '111111';

const SELLER_LOGON_ID = 'seller@sandbox.example';
const BUYER_BALANCE_FEN = 99_999_999_00;

/** Who has how much money. Buyers appear, with plenty of it, when they first log in. */
@Injectable()
export class Accounts {
  constructor(
    private readonly store: Store,
    private readonly facts: SandboxFacts,
  ) {}

  seller(): Account {
    const known = this.store.accounts.get(this.facts.sellerId);
    return known ?? this.open(this.facts.sellerId, SELLER_LOGON_ID, 'seller', 0);
  }

  buyer(logonId: string): Account {
    for (const account of this.store.accounts.values()) {
      if (account.kind === 'buyer' && account.logonId === logonId) return account;
    }
    return this.open(newUserId(), logonId, 'buyer', BUYER_BALANCE_FEN);
  }

  byId(id: string): Account {
    const account = this.store.accounts.get(id);
    if (!account) throw new Error(`There is no account ${id} in the books.`);
    return account;
  }

  /** Both accounts after money moved from one to the other; not yet written. */
  transfer(from: Account, to: Account, amountFen: number): Account[] {
    if (from.balanceFen < amountFen) {
      throw notEnough(from);
    }
    return [
      { ...from, balanceFen: from.balanceFen - amountFen },
      { ...to, balanceFen: to.balanceFen + amountFen },
    ];
  }

  deposit(account: Account, amountFen: number): Account {
    const changed = { ...account, balanceFen: account.balanceFen + amountFen };
    this.store.put({ accounts: [changed] });
    return changed;
  }

  withdraw(account: Account, amountFen: number): Account {
    if (account.balanceFen < amountFen) throw notEnough(account);
    return this.deposit(account, -amountFen);
  }

  private open(id: string, logonId: string, kind: Account['kind'], balanceFen: number): Account {
    const account = { id, logonId, kind, balanceFen };
    this.store.put({ accounts: [account] });
    return account;
  }
}

function notEnough(account: Account): BizError {
  return new BizError(
    account.kind === 'buyer' ? 'ACQ.BUYER_BALANCE_NOT_ENOUGH' : 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  );
}
