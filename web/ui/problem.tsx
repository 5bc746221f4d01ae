// Why something was refused, beside what was pressed; announced when it appears.
export function Problem({ problem }: { readonly problem: { readonly message: string } | null }) {
  return <div role="status">{problem && <p className="notice notice-bad">{problem.message}</p>}</div>;
}
