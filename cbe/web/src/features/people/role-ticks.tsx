// SPDX-License-Identifier: AGPL-3.0-or-later
import { Tick } from "@farol/web/components/choice";
import { Loading } from "@farol/web/components/loading";
import { ProblemNotice } from "@farol/web/components/notice";
import type { ReactElement } from "react";
import { useRoles } from "../../api/people";
import type { Grant } from "../../lib/contract";
import { useText } from "../../i18n/text";

/** Which roles somebody holds. Limits of a role that stays are kept as they are. */
export function RoleTicks({
  grants,
  onChange,
}: {
  grants: Grant[];
  onChange: (grants: Grant[]) => void;
}): ReactElement {
  const text = useText();
  const roles = useRoles();
  if (roles.isPending) return <Loading />;
  if (roles.isError) return <ProblemNotice error={roles.error} />;
  return (
    <fieldset className="role-ticks">
      <legend className="field-label">{text("people.roles")}</legend>
      {roles.data.map((role) => {
        const held = grants.some((grant) => grant.role === role.name);
        return (
          <Tick
            key={role.name}
            selected={held}
            onChange={(wanted) =>
              onChange(
                wanted
                  ? [...grants, { role: role.name, templates: [], regions: [] }]
                  : grants.filter((grant) => grant.role !== role.name),
              )
            }
          >
            <span className="two-lines">
              <strong>{role.title}</strong>
              <span className="soft">{role.description}</span>
            </span>
          </Tick>
        );
      })}
    </fieldset>
  );
}
