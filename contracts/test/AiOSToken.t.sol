// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {AiOSToken} from "../src/AiOSToken.sol";
import {TestBase} from "./Vm.sol";

contract AiOSTokenTest is TestBase {
    uint256 private constant BILLION = 1e27;
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    AiOSToken private token;
    address private holder = address(0xA11CE);

    function setUp() public {
        token = new AiOSToken(holder);
    }

    function test_wholeSupplyGoesToTheHolder() public view {
        assertEq(token.totalSupply(), BILLION, "supply");
        assertEq(token.balanceOf(holder), BILLION, "holder");
        assertEq(token.decimals(), 18, "decimals");
    }

    function testFuzz_supplyPlusBurnedIsConstant(uint256 first, uint256 second, address to) public {
        vm.assume(to != address(0) && to != holder);
        first = bound(first, 0, BILLION);
        vm.startPrank(holder);
        token.transfer(to, first);
        token.burn(bound(second, 0, BILLION - first));
        vm.stopPrank();
        assertEq(token.totalSupply() + token.totalBurned(), BILLION, "supply + burned");
        assertEq(token.balanceOf(holder) + token.balanceOf(to), token.totalSupply(), "balances");
    }

    function testFuzz_burnFromNeedsAllowance(uint256 allowed, uint256 value) public {
        value = bound(value, 1, BILLION);
        allowed = bound(allowed, 0, value - 1);
        vm.prank(holder);
        token.approve(address(this), allowed);
        vm.expectRevert();
        token.burnFrom(holder, value);
    }

    function testFuzz_permitMovesTheNonceAndCannotBeReplayed(uint256 key, uint256 value) public {
        key = bound(key, 1, type(uint128).max);
        address owner = vm.addr(key);
        bytes32 structHash = keccak256(abi.encode(PERMIT, owner, address(this), value, 0, block.timestamp));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        token.permit(owner, address(this), value, block.timestamp, v, r, s);
        assertEq(token.allowance(owner, address(this)), value, "allowance");
        assertEq(token.nonces(owner), 1, "nonce");
        vm.expectRevert();
        token.permit(owner, address(this), value, block.timestamp, v, r, s);
    }

    function testFuzz_votesFollowDelegation(uint256 value, address delegatee) public {
        vm.assume(delegatee != address(0) && delegatee != holder);
        value = bound(value, 0, BILLION);
        vm.startPrank(holder);
        token.delegate(delegatee);
        token.transfer(address(0xB0B), value);
        vm.stopPrank();
        assertEq(token.getVotes(delegatee), BILLION - value, "votes");
        uint256 then_ = block.timestamp;
        vm.warp(then_ + 1);
        assertEq(token.getPastVotes(delegatee, then_), BILLION - value, "past votes");
        assertEq(token.clock(), then_ + 1, "clock");
    }
}
