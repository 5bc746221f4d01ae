// The two pages of an agent: what it is, and where it is worked on.
import { NavLink } from 'react-router';

export function AgentTabs({ id }: { readonly id: string }) {
  return (
    <nav className="tabs page-tabs" aria-label="Agent">
      <NavLink to={`/agents/${id}`} end>
        Overview
      </NavLink>
      <NavLink to={`/agents/${id}/studio`}>Studio</NavLink>
    </nav>
  );
}
