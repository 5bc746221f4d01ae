// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Burnable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Burnable.sol";
import {ERC2981} from "@openzeppelin/contracts/token/common/ERC2981.sol";
import {AgentRegistry} from "./AgentRegistry.sol";

/// @title Licences to agents (ERC-721) with a royalty per licence (ERC-2981).
/// @notice Only an active agent's creator mints its licences, and receives their royalty.
contract AiNFT is ERC721, ERC721Burnable, ERC2981 {
    uint96 public constant MIN_ROYALTY_BPS = 500;
    uint96 public constant MAX_ROYALTY_BPS = 1500;

    AgentRegistry public immutable agentRegistry;

    event LicenceMinted(
        uint256 indexed tokenId, uint256 indexed agentId, address indexed creator, address to, uint96 royaltyBps
    );

    error NotAgentCreator(uint256 agentId, address account);
    error AgentNotActive(uint256 agentId);
    error RoyaltyOutOfRange(uint96 royaltyBps);

    /// @notice Number of licences ever minted; ids run from 1.
    uint256 public licenceCount;

    mapping(uint256 tokenId => uint256 agentId) private _agentOf;

    constructor(AgentRegistry registry) ERC721("AiOS Agent Licence", "AINFT") {
        agentRegistry = registry;
    }

    /// @param royaltyBps creator's share of resales in basis points, 500 to 1500
    function mint(uint256 agentId, address to, uint96 royaltyBps) external returns (uint256 tokenId) {
        AgentRegistry.Agent memory agent = agentRegistry.agentOf(agentId);
        if (agent.creator != msg.sender) revert NotAgentCreator(agentId, msg.sender);
        if (!agent.active) revert AgentNotActive(agentId);
        if (royaltyBps < MIN_ROYALTY_BPS || royaltyBps > MAX_ROYALTY_BPS) revert RoyaltyOutOfRange(royaltyBps);
        tokenId = ++licenceCount;
        _agentOf[tokenId] = agentId;
        _setTokenRoyalty(tokenId, agent.creator, royaltyBps);
        // Announced before the transfer, so that who follows the log knows the agent when the first Transfer comes.
        emit LicenceMinted(tokenId, agentId, msg.sender, to, royaltyBps);
        _mint(to, tokenId);
    }

    /// @notice The agent a licence is for; still answers after the licence was burned.
    function agentOf(uint256 tokenId) external view returns (uint256) {
        return _agentOf[tokenId];
    }

    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        return string.concat("ipfs://", agentRegistry.agentOf(_agentOf[tokenId]).metadataCID);
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC721, ERC2981) returns (bool) {
        return super.supportsInterface(interfaceId);
    }

    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (to == address(0)) _resetTokenRoyalty(tokenId);
    }
}
