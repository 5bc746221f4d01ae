// Catches what a page throws, so that the frame and the way out remain.
import { Component, type ReactNode } from 'react';
import { ErrorState } from '../ui/states.tsx';

interface Props {
  /** A new key (the path) gives the next page a fresh chance. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
  readonly key: string;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, key: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.key ? null : { key: props.resetKey, error: null };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return (
      <div className="page">
        <h1>This page failed</h1>
        <ErrorState
          what="The page could not be shown. After an update of the server, loading it again helps."
          error={this.state.error}
          onRetry={() => window.location.reload()}
        />
      </div>
    );
  }
}
