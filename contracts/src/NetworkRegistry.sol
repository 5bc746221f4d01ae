// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title Networks of businesses, each an ERC-721 token.
/// @notice A network has communities, environments (of the whole network or of one community) and roles granted to accounts.
/// The token's owner and the holders of ADMIN govern it; holders of OPERATOR may add and remove environments.
/// Roles survive a transfer of the token: the new owner, who outranks every role, revokes what should not stay.
/// Every event is a change of state: granting a role twice, or removing what is gone, reverts instead of emitting nothing.
contract NetworkRegistry is ERC721 {
    bytes32 public constant ADMIN = keccak256("ADMIN");
    bytes32 public constant OPERATOR = keccak256("OPERATOR");
    bytes32 public constant MEMBER = keccak256("MEMBER");
    bytes32 public constant AUDITOR = keccak256("AUDITOR");

    /// @notice Longest name in bytes: it is shown in lists, and stored by every indexer.
    uint256 public constant MAX_NAME_LENGTH = 100;
    uint256 public constant MAX_URI_LENGTH = 512;

    struct Network {
        string name;
        string metadataURI;
        address creator;
        bool isPublic;
        uint64 communityCount;
        uint64 environmentCount;
    }

    struct Community {
        string name;
        bool exists;
        uint64 liveEnvironments;
    }

    struct Environment {
        string name;
        bool exists;
        uint64 communityId;
    }

    event NetworkCreated(
        uint256 indexed networkId, address indexed creator, string name, string metadataURI, bool isPublic
    );
    event NetworkUpdated(uint256 indexed networkId, string name, string metadataURI, bool isPublic);
    event CommunityAdded(uint256 indexed networkId, uint256 indexed communityId, string name);
    event CommunityRemoved(uint256 indexed networkId, uint256 indexed communityId);
    /// @param communityId 0 when the environment belongs to the whole network
    event EnvironmentAdded(
        uint256 indexed networkId, uint256 indexed environmentId, uint256 indexed communityId, string name
    );
    event EnvironmentRemoved(uint256 indexed networkId, uint256 indexed environmentId);
    event RoleGranted(uint256 indexed networkId, bytes32 indexed role, address indexed account, address grantedBy);
    event RoleRevoked(uint256 indexed networkId, bytes32 indexed role, address indexed account, address revokedBy);

    /// @notice The account neither owns the network nor holds a role that allows the action.
    error NotAuthorised(uint256 networkId, address account);
    error InvalidName();
    error InvalidURI();
    error InvalidRole();
    error InvalidAccount();
    error UnknownCommunity(uint256 networkId, uint256 communityId);
    error UnknownEnvironment(uint256 networkId, uint256 environmentId);
    /// @notice Remove the community's environments first.
    error CommunityHasEnvironments(uint256 networkId, uint256 communityId);
    error RoleAlreadyGranted(uint256 networkId, bytes32 role, address account);
    error RoleNotGranted(uint256 networkId, bytes32 role, address account);

    /// @notice Number of networks ever created; ids run from 1.
    uint256 public networkCount;

    mapping(uint256 networkId => Network) private _networks;
    mapping(uint256 networkId => mapping(uint256 communityId => Community)) private _communities;
    mapping(uint256 networkId => mapping(uint256 environmentId => Environment)) private _environments;
    mapping(uint256 networkId => mapping(bytes32 role => mapping(address account => bool))) private _roles;

    constructor() ERC721("AiOS Network", "AIOSNET") {}

    /// @dev Reverts with ERC721NonexistentToken when the network does not exist.
    modifier onlyAdmin(uint256 networkId) {
        if (!isAdmin(networkId, msg.sender)) revert NotAuthorised(networkId, msg.sender);
        _;
    }

    modifier onlyOperator(uint256 networkId) {
        if (!isAdmin(networkId, msg.sender) && !_roles[networkId][OPERATOR][msg.sender]) {
            revert NotAuthorised(networkId, msg.sender);
        }
        _;
    }

    /// @notice Creates a network owned by the caller.
    function createNetwork(string calldata name, string calldata metadataURI, bool isPublic)
        external
        returns (uint256 networkId)
    {
        _checkName(name);
        _checkURI(metadataURI);
        networkId = ++networkCount;
        Network storage network = _networks[networkId];
        network.name = name;
        network.metadataURI = metadataURI;
        network.creator = msg.sender;
        network.isPublic = isPublic;
        _mint(msg.sender, networkId);
        emit NetworkCreated(networkId, msg.sender, name, metadataURI, isPublic);
    }

    /// @notice Replaces name, metadata URI and visibility.
    function updateNetwork(uint256 networkId, string calldata name, string calldata metadataURI, bool isPublic)
        external
        onlyAdmin(networkId)
    {
        _checkName(name);
        _checkURI(metadataURI);
        Network storage network = _networks[networkId];
        network.name = name;
        network.metadataURI = metadataURI;
        network.isPublic = isPublic;
        emit NetworkUpdated(networkId, name, metadataURI, isPublic);
    }

    function addCommunity(uint256 networkId, string calldata name)
        external
        onlyAdmin(networkId)
        returns (uint256 communityId)
    {
        _checkName(name);
        communityId = ++_networks[networkId].communityCount;
        Community storage community = _communities[networkId][communityId];
        community.name = name;
        community.exists = true;
        emit CommunityAdded(networkId, communityId, name);
    }

    /// @notice Removes a community that has no environments left.
    function removeCommunity(uint256 networkId, uint256 communityId) external onlyAdmin(networkId) {
        Community storage community = _communities[networkId][communityId];
        if (!community.exists) revert UnknownCommunity(networkId, communityId);
        if (community.liveEnvironments != 0) revert CommunityHasEnvironments(networkId, communityId);
        delete _communities[networkId][communityId];
        emit CommunityRemoved(networkId, communityId);
    }

    /// @param communityId the community it serves, 0 for the whole network
    function addEnvironment(uint256 networkId, uint256 communityId, string calldata name)
        external
        onlyOperator(networkId)
        returns (uint256 environmentId)
    {
        _checkName(name);
        if (communityId != 0) {
            Community storage community = _communities[networkId][communityId];
            if (!community.exists) revert UnknownCommunity(networkId, communityId);
            community.liveEnvironments++;
        }
        environmentId = ++_networks[networkId].environmentCount;
        Environment storage environment = _environments[networkId][environmentId];
        environment.name = name;
        environment.exists = true;
        // An existing community's id came from a uint64 counter.
        environment.communityId = uint64(communityId);
        emit EnvironmentAdded(networkId, environmentId, communityId, name);
    }

    function removeEnvironment(uint256 networkId, uint256 environmentId) external onlyOperator(networkId) {
        Environment storage environment = _environments[networkId][environmentId];
        if (!environment.exists) revert UnknownEnvironment(networkId, environmentId);
        uint256 communityId = environment.communityId;
        if (communityId != 0) _communities[networkId][communityId].liveEnvironments--;
        delete _environments[networkId][environmentId];
        emit EnvironmentRemoved(networkId, environmentId);
    }

    /// @param role keccak256 of the role's name; besides the four known roles a network may use its own
    function grantRole(uint256 networkId, bytes32 role, address account) external onlyAdmin(networkId) {
        if (role == bytes32(0)) revert InvalidRole();
        if (account == address(0)) revert InvalidAccount();
        if (_roles[networkId][role][account]) revert RoleAlreadyGranted(networkId, role, account);
        _roles[networkId][role][account] = true;
        emit RoleGranted(networkId, role, account, msg.sender);
    }

    /// @notice Takes a role back; holders may also give up their own.
    function revokeRole(uint256 networkId, bytes32 role, address account) external {
        if (msg.sender != account && !isAdmin(networkId, msg.sender)) revert NotAuthorised(networkId, msg.sender);
        if (!_roles[networkId][role][account]) revert RoleNotGranted(networkId, role, account);
        _roles[networkId][role][account] = false;
        emit RoleRevoked(networkId, role, account, msg.sender);
    }

    function hasRole(uint256 networkId, bytes32 role, address account) external view returns (bool) {
        return _roles[networkId][role][account];
    }

    /// @notice Whether the account owns the network or holds ADMIN in it.
    function isAdmin(uint256 networkId, address account) public view returns (bool) {
        return _requireOwned(networkId) == account || _roles[networkId][ADMIN][account];
    }

    function networkOf(uint256 networkId) external view returns (Network memory) {
        _requireOwned(networkId);
        return _networks[networkId];
    }

    function communityOf(uint256 networkId, uint256 communityId) external view returns (Community memory) {
        return _communities[networkId][communityId];
    }

    function environmentOf(uint256 networkId, uint256 environmentId) external view returns (Environment memory) {
        return _environments[networkId][environmentId];
    }

    function tokenURI(uint256 networkId) public view override returns (string memory) {
        _requireOwned(networkId);
        return _networks[networkId].metadataURI;
    }

    function _checkName(string calldata name) private pure {
        uint256 length = bytes(name).length;
        if (length == 0 || length > MAX_NAME_LENGTH) revert InvalidName();
    }

    function _checkURI(string calldata uri) private pure {
        if (bytes(uri).length > MAX_URI_LENGTH) revert InvalidURI();
    }
}
