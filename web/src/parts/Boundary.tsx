import { Component, type ReactNode } from "react";
import { Dialog } from "./Dialog";
import { faultInWords } from "./fault";
import { Failure } from "./states";

interface BoundaryProps {
  /** When this changes, what is in it is tried again. */
  of: string;
  /** What is in it lies above the page: so does its failure, and this closes it. */
  onClose?: () => void;
  /** What to show instead, where a panel that says so would be out of place. */
  instead?: (words: string) => ReactNode;
  children: ReactNode;
}

interface Held {
  fault: unknown;
}

/**
 * Keeps a fault of what is in it to its own place, in words, so that the rest of the page stays usable. A part of the application that could not be
 * loaded is such a fault: the server is away, or another version than the page.
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
    // Browsers remember that a module could not be loaded, so only a page that is loaded again can have it.
    const failure = <Failure error={new Error(faultInWords(fault))} retry={() => location.reload()} />;
    if (onClose === undefined) return failure;
    const close = () => {
      this.setState({ fault: undefined });
      onClose();
    };
    return (
      <Dialog title="This could not be opened" onClose={close}>
        {failure}
      </Dialog>
    );
  }
}
