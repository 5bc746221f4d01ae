// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {AgentRegistry} from "../src/AgentRegistry.sol";
import {AiNFT} from "../src/AiNFT.sol";
import {TestBase} from "./Vm.sol";

contract AiNFTTest is TestBase {
    AgentRegistry private agents;
    AiNFT private licences;
    address private creator = address(0xC0DE);
    uint256 private agentId;

    function setUp() public {
        agents = new AgentRegistry();
        licences = new AiNFT(agents);
        vm.prank(creator);
        agentId = agents.registerAgent("bafy-a");
    }

    function testFuzz_onlyTheCreatorMints(address stranger) public {
        vm.assume(stranger != creator);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(AiNFT.NotAgentCreator.selector, agentId, stranger));
        licences.mint(agentId, stranger, 1000);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(AgentRegistry.NotCreator.selector, agentId, stranger));
        agents.updateAgent(agentId, "bafy-x");
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(AgentRegistry.NotCreator.selector, agentId, stranger));
        agents.deactivateAgent(agentId);
    }

    function testFuzz_royaltyIsWhatWasMinted(uint96 bps, uint256 price) public {
        price = bound(price, 0, 1e27);
        vm.startPrank(creator);
        if (bps < 500 || bps > 1500) {
            vm.expectRevert(abi.encodeWithSelector(AiNFT.RoyaltyOutOfRange.selector, bps));
            licences.mint(agentId, creator, bps);
            bps = uint96(bound(bps, 500, 1500));
        }
        uint256 tokenId = licences.mint(agentId, address(0xB0B), bps);
        vm.stopPrank();
        (address receiver, uint256 royalty) = licences.royaltyInfo(tokenId, price);
        assertEq(receiver, creator, "receiver");
        assertEq(royalty, price * bps / 10_000, "royalty");
        assertEq(licences.agentOf(tokenId), agentId, "agent");
    }

    function test_inactiveAgentsMintNothing() public {
        vm.startPrank(creator);
        agents.deactivateAgent(agentId);
        vm.expectRevert(abi.encodeWithSelector(AiNFT.AgentNotActive.selector, agentId));
        licences.mint(agentId, creator, 500);
        vm.expectRevert(abi.encodeWithSelector(AgentRegistry.AgentInactive.selector, agentId));
        agents.deactivateAgent(agentId);
        agents.reactivateAgent(agentId);
        vm.expectRevert(abi.encodeWithSelector(AgentRegistry.AgentAlreadyActive.selector, agentId));
        agents.reactivateAgent(agentId);
        licences.mint(agentId, creator, 500);
        vm.stopPrank();
    }

    function test_burningEndsTheLicenceAndItsRoyalty() public {
        vm.prank(creator);
        uint256 tokenId = licences.mint(agentId, address(0xB0B), 1500);
        vm.prank(creator);
        vm.expectRevert();
        licences.burn(tokenId);
        vm.prank(address(0xB0B));
        licences.burn(tokenId);
        (, uint256 royalty) = licences.royaltyInfo(tokenId, 1e18);
        assertEq(royalty, 0, "royalty");
        vm.expectRevert();
        licences.ownerOf(tokenId);
        assertEq(licences.agentOf(tokenId), agentId, "the agent is still known");
    }

    function test_tokenURIFollowsTheAgent() public {
        vm.startPrank(creator);
        uint256 tokenId = licences.mint(agentId, creator, 500);
        agents.updateAgent(agentId, "bafy-b");
        vm.stopPrank();
        assertTrue(keccak256(bytes(licences.tokenURI(tokenId))) == keccak256("ipfs://bafy-b"), "uri");
    }

    function test_unknownAgentsAreRefused() public {
        vm.expectRevert(abi.encodeWithSelector(AgentRegistry.UnknownAgent.selector, 99));
        licences.mint(99, creator, 500);
        vm.expectRevert(AgentRegistry.InvalidCID.selector);
        agents.registerAgent("");
        vm.expectRevert(AgentRegistry.InvalidCID.selector);
        agents.registerAgent(string(new bytes(129)));
    }

    function test_interfaces() public view {
        assertTrue(licences.supportsInterface(0x80ac58cd), "ERC-721");
        assertTrue(licences.supportsInterface(0x2a55205a), "ERC-2981");
    }
}
