// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title The AiOS token: one fixed supply that can only shrink.
/// @notice Votes follow delegation (ERC-5805) on a timestamp clock, so that a governor means the same on chains of any block time.
contract AiOSToken is ERC20, ERC20Burnable, ERC20Permit, ERC20Votes {
    uint256 public constant INITIAL_SUPPLY = 1_000_000_000 * 10 ** 18;

    /// @param holder receives the whole supply; nothing can ever mint again.
    constructor(address holder) ERC20("AiOS", "AIOS") ERC20Permit("AiOS") {
        _mint(holder, INITIAL_SUPPLY);
    }

    /// @notice All tokens burned so far: totalSupply() + totalBurned() is INITIAL_SUPPLY for ever.
    function totalBurned() external view returns (uint256) {
        return INITIAL_SUPPLY - totalSupply();
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}
