import { useQuery } from "@tanstack/react-query";
import { useRef, useState, type ReactElement } from "react";
import { wordsFor } from "../../api/client";
import { useInView } from "../../curves/useInView";
import { Link } from "../../parts/Link";
import { nameOf, visible, type Path } from "../../path";
import { among, loadPicture } from "./load";
import { useBlobAddress } from "./useBlobAddress";

/** An image in a text that is stored as a file. It is read when it comes into view. If it cannot be shown, there is a link with the reason. */
export function StoredImage({ path, alt }: { path: Path; alt: string }): ReactElement {
  const place = useRef<HTMLSpanElement>(null);
  const near = useInView(place);
  const [broken, setBroken] = useState(false);
  const picture = useQuery({ queryKey: ["picture", path], queryFn: ({ signal }) => loadPicture(path, among, signal), enabled: near, staleTime: 60_000, gcTime: 0, retry: false });
  const address = useBlobAddress(picture.data?.blob);
  const fault = broken ? "The image is damaged." : picture.data === undefined && picture.error !== null ? wordsFor(picture.error) : undefined;
  return (
    <span ref={place} className="stored-image">
      {fault !== undefined ? (
        <span className="dead-image">
          Image <Link to={{ at: "files", path }}>{visible(alt === "" ? nameOf(path) : alt)}</Link> cannot be shown. {fault}
        </span>
      ) : (
        address !== undefined &&
        picture.data !== undefined && <img src={address} alt={alt} width={picture.data.width} height={picture.data.height} onError={() => setBroken(true)} />
      )}
    </span>
  );
}
