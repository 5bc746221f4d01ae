// A template as it is shipped: its page, its files, and where to take it.
import { Link, useParams } from 'react-router';
import { manifestOf } from '../../studio/manifest.ts';
import { PackageFilesView } from '../../studio/package-files.tsx';
import { textsOf, useTemplates } from '../../studio/use-templates.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Hash } from '../../ui/values.tsx';
import './studio.css';

export function TemplatePage() {
  const { id = '' } = useParams();
  const { templates, error, refetch } = useTemplates();
  const template = templates?.find((one) => one.id === id);
  const files = template && textsOf(template.files);
  return (
    <div className="page">
      <title>{`${id} · AiOS Studio`}</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>{id}</h1>
          <p className="page-sub">{template?.description ?? (!templates && <Skeleton width="60%" />)}</p>
        </div>
        {template && (
          <div className="page-actions">
            <Link className="button button-primary" to="/path">
              Take it along the path
            </Link>
          </div>
        )}
      </div>
      {error ? (
        <ErrorState what="The template could not be loaded." error={error} onRetry={() => refetch()} />
      ) : templates && !template ? (
        <EmptyState title="There is no such template.">
          <Link className="link" to="/studio">
            All templates
          </Link>
        </EmptyState>
      ) : (
        // It enters with its files: what it stands under is as long as the description is.
        template &&
        files && (
          <section className="section" aria-labelledby="template-files">
            <div className="section-head">
              <h2 id="template-files">Files</h2>
              <Hash value={template.cid} label="content identifier" head={12} />
            </div>
            <PackageFilesView files={files} entry={manifestOf(files).manifest?.entry} />
          </section>
        )
      )}
    </div>
  );
}
