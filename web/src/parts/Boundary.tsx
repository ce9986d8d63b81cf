import { Component, type ReactNode } from "react";
import { Dialog } from "./Dialog";
import { faultInWords } from "./fault";
import { Failure } from "./states";

interface BoundaryProps {
  /** The children are rendered again when this changes. */
  of: string;
  /** For children that are dialogs: a failure is shown as a dialog, too, and this closes it. */
  onClose?: () => void;
  /** What to show on failure, where a whole panel would be out of place. */
  instead?: (words: string) => ReactNode;
  children: ReactNode;
}

interface Held {
  fault: unknown;
}

/**
 * Catches errors of its children and shows them in their place, so that the rest of the page stays usable. They include parts of the application that could
 * not be loaded, since the server is unavailable or has another version than the page.
 */
export class Boundary extends Component<BoundaryProps, Held> {
  override state: Held = { fault: undefined };

  static getDerivedStateFromError(fault: unknown): Held {
    return { fault };
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (before.of !== this.props.of && this.state.fault !== undefined) this.setState({ fault: undefined });
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    const { onClose, instead } = this.props;
    if (instead !== undefined) return instead(faultInWords(fault));
    // Browsers remember that a module could not be loaded, so only a reload of the page helps.
    const failure = <Failure error={new Error(faultInWords(fault))} retry={() => location.reload()} />;
    if (onClose === undefined) return failure;
    const close = () => {
      this.setState({ fault: undefined });
      onClose();
    };
    return (
      <Dialog title="Could not be opened" onClose={close}>
        {failure}
      </Dialog>
    );
  }
}
