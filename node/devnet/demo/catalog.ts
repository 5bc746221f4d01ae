// Who the demo's businesses are, which networks they run and which agents they offer. Invented names; any likeness is accidental.

export interface Business {
  readonly name: string;
  readonly site: string;
}

export interface NetworkPlan {
  readonly name: string;
  /** Index of the founding business. */
  readonly founder: number;
  readonly isPublic: boolean;
  readonly summary: string;
}

export interface AgentPlan {
  readonly name: string;
  readonly maker: number;
  readonly category: string;
  readonly summary: string;
  /** Usual price of a licence in whole AiOS. */
  readonly price: number;
  readonly royaltyBps: number;
}

function business(name: string): Business {
  return { name, site: `https://${name.toLowerCase().replace(/[^a-z0-9]+/g, '')}.example` };
}

export const businesses: readonly Business[] = [
  'Northgate Freight',
  'Halden Maritime',
  'Brightwater Foods',
  'Corvane Pharma',
  'Ostra Energy',
  'Lumen & Vale Textiles',
  'Ridgeline Timber',
  'Meridian Credit Union',
  'Saltmarsh Insurance',
  'Kestrel Robotics',
  'Tallis Semiconductors',
  'Orchard Lane Grocers',
  'Pinecrest Hospitals',
  'Vantage Legal',
  'Fjordline Seafood',
  'Aldermoor Dairy',
  'Copperfield Mining',
  'Blue Harbour Hotels',
  'Sundial Media',
  'Quarry Street Bank',
  'Thornbury Automotive',
  'Evergreen Recycling',
  'Atlas Bridge Construction',
  'Juniper Learning',
].map(business);

const network = (name: string, founder: number, isPublic: boolean, summary: string): NetworkPlan => ({
  name,
  founder,
  isPublic,
  summary,
});

export const networks: readonly NetworkPlan[] = [
  network('Northgate Carrier Exchange', 0, true, 'Spot and contract loads between shippers and carriers.'),
  network('Halden Port Community', 1, true, 'Berths, customs and inland transport of the Halden ports.'),
  network('Brightwater Supplier Circle', 2, true, 'Quality certificates and orders of food suppliers.'),
  network('Corvane Clinical Partners', 3, false, 'Trial sites and laboratories under one protocol.'),
  network('Ostra Grid Balancing', 4, true, 'Flexible loads offered to the grid, hour by hour.'),
  network('Fair Thread Alliance', 5, true, 'Where fibre comes from, and who was paid for it.'),
  network('Ridgeline Certified Wood', 6, true, 'Chain of custody from stand to sawmill.'),
  network('Meridian Lending Desk', 7, false, 'Loan files shared by member credit unions.'),
  network('Saltmarsh Claims Network', 8, false, 'Adjusters, garages and hospitals on one claim.'),
  network('Kestrel Integrators', 9, true, 'Partners who install and maintain warehouse robots.'),
  network('Tallis Fab Suppliers', 10, false, 'Wafer, gas and tooling forecasts.'),
  network('Orchard Lane Local Farms', 11, true, 'Daily harvest offers for neighbourhood shops.'),
  network('Pinecrest Referral Network', 12, false, 'Referrals and results between clinics.'),
  network('Vantage Contract Exchange', 13, true, 'Clause libraries and outside counsel.'),
  network('Fjordline Catch Registry', 14, true, 'Catches from vessel to counter.'),
  network('Aldermoor Milk Pool', 15, true, 'Collection rounds and quality payments.'),
  network('Copperfield Assay Network', 16, false, 'Ore samples and independent laboratories.'),
  network('Blue Harbour Concierge', 17, true, 'Tours, transfers and tables for hotel guests.'),
  network('Sundial Rights Exchange', 18, true, 'Licences for footage, music and text.'),
  network('Quarry Street Trade Finance', 19, false, 'Letters of credit and their documents.'),
  network('Thornbury Parts Network', 20, true, 'Dealers and makers of spare parts.'),
  network('Evergreen Materials Market', 21, true, 'Sorted bales with a known origin.'),
  network('Atlas Bridge Site Crews', 22, true, 'Crews, machines and permits by site.'),
  network('Juniper Teachers Guild', 23, true, 'Lesson plans and tutoring hours.'),
  network('Northgate Cold Chain', 0, false, 'Temperature records of pharmaceutical loads.'),
  network('Ostra Charging Partners', 4, true, 'Roaming between operators of charging points.'),
  network('Kestrel Safety Board', 9, false, 'Incident reports and fixes for shared robots.'),
  network('Meridian Fraud Watch', 7, false, 'Signals of fraud shared between members.'),
  network('Evergreen Battery Return', 21, true, 'Used batteries and the plants that take them.'),
  network('Juniper Apprenticeships', 23, true, 'Trainees and the firms that take them on.'),
];

const agent = (
  name: string,
  maker: number,
  category: string,
  price: number,
  royaltyBps: number,
  summary: string,
): AgentPlan => ({ name, maker, category, price, royaltyBps, summary });

export const agents: readonly AgentPlan[] = [
  agent('Load Matcher', 0, 'Logistics', 420, 800, 'Pairs loads with empty legs.'),
  agent(
    'Customs Clerk',
    1,
    'Logistics',
    650,
    1000,
    'Prepares import declarations and asks for what is missing.',
  ),
  agent('Berth Planner', 1, 'Logistics', 1900, 1200, 'Replans berths when a vessel is late.'),
  agent(
    'Certificate Reader',
    2,
    'Quality',
    180,
    600,
    'Reads supplier certificates and notes when they lapse.',
  ),
  agent('Shelf-Life Forecaster', 2, 'Planning', 560, 900, 'Predicts what will not be sold in time.'),
  agent('Protocol Checker', 3, 'Compliance', 2400, 1500, 'Compares visit notes with the trial protocol.'),
  agent('Adverse Event Triage', 3, 'Compliance', 3100, 1500, 'Sorts safety reports by urgency.'),
  agent('Peak Shaver', 4, 'Energy', 1250, 1000, 'Moves flexible loads out of the peak.'),
  agent('Charge Router', 4, 'Energy', 390, 700, 'Sends drivers to a free charging point.'),
  agent('Fibre Tracer', 5, 'Provenance', 310, 800, 'Follows a garment back to its fibre.'),
  agent('Pattern Costing', 5, 'Planning', 240, 500, 'Estimates cloth and labour from a pattern.'),
  agent('Stand Surveyor', 6, 'Provenance', 870, 1000, 'Reads forest inventories from aerial images.'),
  agent('Loan File Assistant', 7, 'Finance', 990, 1100, 'Completes loan files and lists the gaps.'),
  agent('Fraud Sentinel', 7, 'Finance', 4200, 1500, 'Scores payments against shared signals.'),
  agent('Claims Intake', 8, 'Insurance', 720, 900, 'Takes a claim by chat and opens the file.'),
  agent('Damage Estimator', 8, 'Insurance', 1350, 1200, 'Estimates repairs from photographs.'),
  agent('Fleet Dispatcher', 9, 'Robotics', 2100, 1200, 'Assigns tasks to mixed fleets of robots.'),
  agent('Maintenance Forecaster', 9, 'Robotics', 1600, 1000, 'Says which joint will fail, and when.'),
  agent('Yield Analyst', 10, 'Manufacturing', 3800, 1500, 'Finds the tool behind a drop in yield.'),
  agent('Reorder Clerk', 11, 'Retail', 150, 500, 'Orders for small shops before they run out.'),
  agent('Harvest Broker', 11, 'Retail', 210, 600, 'Sells the morning harvest by noon.'),
  agent('Referral Coordinator', 12, 'Health', 880, 1000, 'Books the right specialist and sends the file.'),
  agent('Discharge Writer', 12, 'Health', 1150, 1100, 'Drafts discharge letters for review.'),
  agent('Clause Reviewer', 13, 'Legal', 1450, 1200, 'Marks clauses that differ from the playbook.'),
  agent('Discovery Sorter', 13, 'Legal', 2750, 1400, 'Groups documents by issue and privilege.'),
  agent('Catch Logger', 14, 'Provenance', 130, 500, 'Turns deck notes into a legal catch log.'),
  agent('Quota Trader', 14, 'Finance', 940, 1000, 'Swaps quota between vessels.'),
  agent('Milk Round Planner', 15, 'Logistics', 270, 600, 'Plans collection around farms and roads.'),
  agent('Assay Reader', 16, 'Mining', 1700, 1100, 'Reads laboratory reports of any layout.'),
  agent('Guest Concierge', 17, 'Hospitality', 330, 700, 'Answers guests in their language.'),
  agent('Rate Manager', 17, 'Hospitality', 780, 900, 'Sets room rates from pick-up and events.'),
  agent('Rights Clearance', 18, 'Media', 690, 1000, 'Finds who must be asked, and asks.'),
  agent('Subtitle Studio', 18, 'Media', 220, 600, 'Times and translates subtitles.'),
  agent('Letter of Credit Examiner', 19, 'Finance', 2950, 1400, 'Examines documents against the credit.'),
  agent('Sanctions Screener', 19, 'Compliance', 1850, 1300, 'Screens parties and explains each hit.'),
  agent('Parts Identifier', 20, 'Automotive', 260, 600, 'Names a part from a photograph.'),
  agent('Recall Notifier', 20, 'Automotive', 340, 700, 'Finds and books affected vehicles.'),
  agent('Bale Grader', 21, 'Recycling', 410, 800, 'Grades bales from the line camera.'),
  agent('Permit Tracker', 22, 'Construction', 520, 800, 'Follows permits and warns of deadlines.'),
  agent('Quantity Surveyor', 22, 'Construction', 1550, 1100, 'Takes quantities off drawings.'),
  agent('Lesson Planner', 23, 'Education', 90, 500, 'Plans lessons for a mixed class.'),
  agent('Tutor Match', 23, 'Education', 120, 500, 'Brings pupils and tutors together.'),
  agent('Cold Chain Auditor', 0, 'Compliance', 1050, 1000, 'Explains every temperature excursion.'),
  agent('Invoice Matcher', 7, 'Finance', 460, 800, 'Matches invoices, orders and deliveries.'),
  agent('Tender Scout', 22, 'Sales', 370, 700, 'Finds public tenders worth an offer.'),
];

export const communityNames = [
  'Suppliers',
  'Customers',
  'Carriers',
  'Auditors',
  'Field Partners',
  'Regional Offices',
  'Research',
  'Service Desk',
] as const;

export const environmentNames = [
  'Production',
  'Staging',
  'Sandbox',
  'Training',
  'Reporting',
  'Onboarding',
  'Settlement',
] as const;

const regions = [
  'Baltic',
  'Rhine',
  'Danube',
  'Cascadia',
  'Andean',
  'Atlantic',
  'Levant',
  'Pacific',
  'Alpine',
];
const trades = ['Grain', 'Steel', 'Tourism', 'Care', 'Rail', 'Solar', 'Paper', 'Coffee', 'Housing', 'Water'];
const forms = ['Exchange', 'Partners', 'Registry', 'Alliance', 'Clearing', 'Forum'];
const duties = ['Scheduler', 'Forecaster', 'Auditor', 'Negotiator', 'Analyst', 'Reporter'];

/** Networks without end, for a demo that has run through its catalogue: the n-th after the last of `networks`. */
export function furtherNetwork(n: number): NetworkPlan {
  const region = regions[n % regions.length];
  const trade = trades[Math.floor(n / regions.length + n) % trades.length];
  const form = forms[Math.floor(n / 7) % forms.length];
  const round = Math.floor(n / (regions.length * trades.length * forms.length));
  return {
    name: `${region} ${trade} ${form}${round > 0 ? ` ${round + 1}` : ''}`,
    founder: (n * 7 + 3) % businesses.length,
    isPublic: n % 4 !== 1,
    summary: `${trade} businesses of the ${region} region.`,
  };
}

/** Agents without end, the n-th after the last of `agents`. */
export function furtherAgent(n: number): AgentPlan {
  const trade = trades[n % trades.length] as string;
  const duty = duties[Math.floor(n / trades.length + n) % duties.length];
  const round = Math.floor(n / (trades.length * duties.length));
  return {
    name: `${trade} ${duty}${round > 0 ? ` ${round + 1}` : ''}`,
    maker: (n * 5 + 1) % businesses.length,
    category: trade,
    summary: `${duty} for the ${trade.toLowerCase()} trade.`,
    price: 80 + ((n * 137) % 2900),
    royaltyBps: 500 + ((n * 100) % 1001),
  };
}
