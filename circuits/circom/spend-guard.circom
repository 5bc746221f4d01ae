// "This batch of an agent's payments stays within its caps and goes to allowed payees only", without showing caps, payees or amounts.
// The running total is carried in a chain of states, so that many small batches cannot exceed what one large one may not.
pragma circom 2.2.0;

include "range.circom";
include "commitment.circom";

/// One payment. An unused slot has payee 0 and amount 0. `allowed` may be filled with zeros: payee 0 never carries an amount.
template Payment(payees, amountBits) {
    signal input payee;
    signal input amount;
    signal input cap;
    signal input allowed[payees];

    component amountRange = Unsigned(amountBits);
    amountRange.in <== amount;
    component payeeRange = Unsigned(160);
    payeeRange.in <== payee;
    component withinCap = AssertAtLeast(amountBits);
    withinCap.a <== cap;
    withinCap.b <== amount;

    // payee · Π (payee − allowed_i) = 0: unused, or on the list.
    signal product[payees + 1];
    product[0] <== payee;
    for (var index = 0; index < payees; index++) {
        product[index + 1] <== product[index] * (payee - allowed[index]);
    }
    product[payees] === 0;
    component unused = IsZero();
    unused.in <== payee;
    unused.out * amount === 0;
}

/// policy    = HashMany(7)(paymentCap, totalCap, allowed…, policySalt)
/// batch     = HashMany(8)(payee + amount·2^160 for each slot, batchSalt)
/// before    = Poseidon(9, policy, sequence, spent, stateSalt)
/// after     = Poseidon(9, policy, sequence + 1, spent + Σ amounts, stateSalt)
/// nullifier = Poseidon(10, before): a state is spent from once, so that the states form one chain.
template SpendGuard(payments, payees) {
    var amountBits = 88;
    signal input payee[payments];
    signal input amount[payments];
    signal input batchSalt;
    signal input allowed[payees];
    signal input paymentCap;
    signal input totalCap;
    signal input policySalt;
    signal input sequence;
    signal input spent;
    signal input stateSalt;
    signal input context;

    signal output nullifier;
    signal output policy;
    signal output batch;
    signal output before;
    signal output after;

    component paymentCapRange = Unsigned(amountBits);
    paymentCapRange.in <== paymentCap;
    component totalCapRange = Unsigned(amountBits);
    totalCapRange.in <== totalCap;
    component spentRange = Unsigned(amountBits);
    spentRange.in <== spent;
    component sequenceRange = Unsigned(64);
    sequenceRange.in <== sequence;

    component policyHash = HashMany(payees + 3, 7);
    policyHash.in[0] <== paymentCap;
    policyHash.in[1] <== totalCap;
    component batchHash = HashMany(payments + 1, 8);
    component payment[payments];
    var total = spent;
    for (var index = 0; index < payees; index++) {
        policyHash.in[index + 2] <== allowed[index];
    }
    policyHash.in[payees + 2] <== policySalt;
    policy <== policyHash.out;
    for (var slot = 0; slot < payments; slot++) {
        payment[slot] = Payment(payees, amountBits);
        payment[slot].payee <== payee[slot];
        payment[slot].amount <== amount[slot];
        payment[slot].cap <== paymentCap;
        for (var index = 0; index < payees; index++) {
            payment[slot].allowed[index] <== allowed[index];
        }
        batchHash.in[slot] <== payee[slot] + amount[slot] * (1 << 160);
        total += amount[slot];
    }
    batchHash.in[payments] <== batchSalt;
    batch <== batchHash.out;

    // The total is below (payments + 1) · 2^88, far from wrapping; the difference must fit 88 bits, hence total <= totalCap.
    assert(payments < 256);
    component withinTotal = AssertAtLeast(amountBits);
    withinTotal.a <== totalCap;
    withinTotal.b <== total;

    component stateBefore = Poseidon(5);
    component stateAfter = Poseidon(5);
    stateBefore.inputs[0] <== 9;
    stateBefore.inputs[1] <== policy;
    stateBefore.inputs[2] <== sequence;
    stateBefore.inputs[3] <== spent;
    stateBefore.inputs[4] <== stateSalt;
    before <== stateBefore.out;
    stateAfter.inputs[0] <== 9;
    stateAfter.inputs[1] <== policy;
    stateAfter.inputs[2] <== sequence + 1;
    stateAfter.inputs[3] <== total;
    stateAfter.inputs[4] <== stateSalt;
    after <== stateAfter.out;

    component nullify = Poseidon(2);
    nullify.inputs[0] <== 10;
    nullify.inputs[1] <== before;
    nullifier <== nullify.out;

    component bound = Bind();
    bound.in <== context;
}
