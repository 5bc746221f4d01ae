// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// @title What a marketplace asks of a fee policy.
interface IFeePolicy {
    /// @notice The headline terms. Shares are parts of the fee, in basis points, and add up to 10,000.
    struct Terms {
        uint16 feeBps;
        uint16 burnBps;
        uint16 buybackBps;
        uint16 treasuryBps;
        address buybackAccount;
        address treasuryAccount;
    }

    /// @notice A fee in tokens; burned + buyback + treasury is the whole of it.
    struct Fee {
        uint256 burned;
        uint256 buyback;
        uint256 treasury;
        address buybackAccount;
        address treasuryAccount;
    }

    function terms() external view returns (Terms memory);

    /// @notice The fee of one purchase. Buyer and seller are given so that a policy can grant discounts.
    function feeFor(address buyer, address seller, uint256 price) external view returns (Fee memory);
}

/// @title The marketplace's standing fee: one share of the price, split in three.
/// @notice Immutable. Other terms mean another policy contract, which the marketplace's owner puts in force.
contract FeePolicy is IFeePolicy {
    uint256 private constant BPS = 10_000;

    uint16 public immutable feeBps;
    uint16 public immutable burnBps;
    uint16 public immutable buybackBps;
    address public immutable buybackAccount;
    address public immutable treasuryAccount;

    error InvalidTerms();

    constructor(uint16 feeBps_, uint16 burnBps_, uint16 buybackBps_, address buybackAccount_, address treasuryAccount_) {
        if (feeBps_ > BPS || uint256(burnBps_) + buybackBps_ > BPS) revert InvalidTerms();
        if (buybackAccount_ == address(0) || treasuryAccount_ == address(0)) revert InvalidTerms();
        feeBps = feeBps_;
        burnBps = burnBps_;
        buybackBps = buybackBps_;
        buybackAccount = buybackAccount_;
        treasuryAccount = treasuryAccount_;
    }

    function terms() external view returns (Terms memory) {
        return Terms({
            feeBps: feeBps,
            burnBps: burnBps,
            buybackBps: buybackBps,
            treasuryBps: uint16(BPS - burnBps - buybackBps),
            buybackAccount: buybackAccount,
            treasuryAccount: treasuryAccount
        });
    }

    /// @dev Each share is rounded down and the remainder goes to the treasury, so the parts always add up to the fee.
    function feeFor(address, address, uint256 price) external view returns (Fee memory fee) {
        uint256 total = price * feeBps / BPS;
        fee.burned = total * burnBps / BPS;
        fee.buyback = total * buybackBps / BPS;
        fee.treasury = total - fee.burned - fee.buyback;
        fee.buybackAccount = buybackAccount;
        fee.treasuryAccount = treasuryAccount;
    }
}
