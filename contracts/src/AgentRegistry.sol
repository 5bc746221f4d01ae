// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// @title Agents: who made them, and where their description is.
/// @notice An agent is not its licence: licences are AiNFT tokens that refer to an agent by id.
contract AgentRegistry {
    /// @notice Longest content identifier in bytes; a CIDv1 in base32 has 59.
    uint256 public constant MAX_CID_LENGTH = 128;

    struct Agent {
        address creator;
        bool active;
        string metadataCID;
    }

    event AgentRegistered(uint256 indexed agentId, address indexed creator, string metadataCID);
    event AgentUpdated(uint256 indexed agentId, string metadataCID);
    event AgentDeactivated(uint256 indexed agentId);
    event AgentReactivated(uint256 indexed agentId);

    error UnknownAgent(uint256 agentId);
    error NotCreator(uint256 agentId, address account);
    error InvalidCID();
    error AgentInactive(uint256 agentId);
    error AgentAlreadyActive(uint256 agentId);

    /// @notice Number of agents ever registered; ids run from 1.
    uint256 public agentCount;

    mapping(uint256 agentId => Agent) private _agents;

    modifier onlyCreator(uint256 agentId) {
        address creator = _agents[agentId].creator;
        if (creator == address(0)) revert UnknownAgent(agentId);
        if (creator != msg.sender) revert NotCreator(agentId, msg.sender);
        _;
    }

    /// @param metadataCID content identifier of the agent's metadata document
    function registerAgent(string calldata metadataCID) external returns (uint256 agentId) {
        _checkCID(metadataCID);
        agentId = ++agentCount;
        _agents[agentId] = Agent({creator: msg.sender, active: true, metadataCID: metadataCID});
        emit AgentRegistered(agentId, msg.sender, metadataCID);
    }

    function updateAgent(uint256 agentId, string calldata metadataCID) external onlyCreator(agentId) {
        _checkCID(metadataCID);
        _agents[agentId].metadataCID = metadataCID;
        emit AgentUpdated(agentId, metadataCID);
    }

    /// @notice No new licences until reactivated; those that exist keep their owners.
    function deactivateAgent(uint256 agentId) external onlyCreator(agentId) {
        if (!_agents[agentId].active) revert AgentInactive(agentId);
        _agents[agentId].active = false;
        emit AgentDeactivated(agentId);
    }

    function reactivateAgent(uint256 agentId) external onlyCreator(agentId) {
        if (_agents[agentId].active) revert AgentAlreadyActive(agentId);
        _agents[agentId].active = true;
        emit AgentReactivated(agentId);
    }

    function agentOf(uint256 agentId) external view returns (Agent memory agent) {
        agent = _agents[agentId];
        if (agent.creator == address(0)) revert UnknownAgent(agentId);
    }

    function _checkCID(string calldata metadataCID) private pure {
        uint256 length = bytes(metadataCID).length;
        if (length == 0 || length > MAX_CID_LENGTH) revert InvalidCID();
    }
}
