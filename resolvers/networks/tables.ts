// The tables of networks as Kysely knows them.
export interface NetworksTables {
  'networks.profiles': {
    network: string;
    environment: string;
    description: string | null;
    site: string | null;
    tags: string[];
    logo_cid: string | null;
    updated_at: Date;
    updated_by: string;
  };
  'networks.projections': { deployment: string; seq: string; active: boolean };
  'networks.search': {
    deployment: string;
    network_id: string;
    token_id: string;
    name: string;
    folded_name: string;
    is_public: boolean;
    tags: string[];
    document: string;
  };
  'networks.words': { word: string };
  'networks.facets': { deployment: string; is_public: boolean; tag: string; count: string };
}
