// SPDX-License-Identifier: AGPL-3.0-or-later
//
// cluster status, init, join, leave, fence and switchover.
#include "packaging/farolctl/ask.h"
#include "packaging/farolctl/commands.h"

namespace ctl {

namespace {

using nlohmann::json;

// Of a join or a hand-over: the daemons give up before.
constexpr std::chrono::seconds kPatience{120};

std::string milliseconds_text(const json& value) {
    return value.is_number_integer() ? value.dump() + " ms" : "";
}

std::string text_of(const json& status) {
    const std::string state = word(status, "state");
    std::string out = word(status, "daemon") + " on " + word(status, "node") + ": " + word(status, "status") +
                      ", " + word(status, "sentence") + "\n";
    if (state == "standalone") return out;
    out += "  cluster " + word(status, "cluster") + ", leader " +
           (word(status, "leader").empty() ? "none" : word(status, "leader")) + ", term " +
           word(status, "term") + ", stored " + word(status, "stored") + " of " + word(status, "committed");
    if (const auto age = milliseconds_text(member(status, "read_age_ms")); !age.empty())
        out += ", reads at most " + age + " old";
    out += "\n";
    std::vector<std::vector<std::string>> rows{{"node", "address", "role", "standing", "behind", "heard"}};
    const bool leads = state == "leader";  // only the leader knows how the others are
    for (const json& node : member(status, "nodes")) {
        const std::string heard = milliseconds_text(member(node, "silent_ms"));
        rows.push_back({word(node, "node"), word(node, "address"), word(node, "role"), word(node, "standing"),
                        leads ? word(node, "behind") : "",
                        leads ? (heard.empty() ? "never" : heard + " ago") : ""});
    }
    return out + table(rows);
}

ExitCode code_of(const json& status) {
    const std::string verdict = word(status, "status");
    if (verdict == "ok") return ExitCode::kOk;
    return verdict == "degraded" ? ExitCode::kPartly : ExitCode::kFailed;
}

ExitCode worse(ExitCode one, ExitCode other) {
    for (const ExitCode bad : {ExitCode::kFailed, ExitCode::kPartly})
        if (one == bad || other == bad) return bad;
    return ExitCode::kOk;
}

// A node with rows of its own would lose them.
std::optional<Answer> refuse_to_replace(const Place& place, const DaemonName& daemon) {
    const Asked asked = ask(place, daemon, {.path = "/control/cluster"});
    if (!asked.body) return asked.otherwise;
    const json batches = member(*asked.body, "batches");
    if (word(*asked.body, "state") != "standalone" || !batches.is_number_integer() ||
        batches.get<int64_t>() == 0)
        return std::nullopt;
    return Answer::of(base::refused("this machine has a state of its own (" + batches.dump() +
                                    " batches written), which would be lost; say --replace if it may be"));
}

}  // namespace

Answer cluster_status(const Place& place, const std::string& daemon) {
    std::vector<DaemonName> daemons;
    if (daemon.empty()) {
        daemons = place.configured();
    } else {
        const auto one = daemon_named(daemon);
        if (!one) return Answer::of(one.error());
        daemons.push_back(*one);
    }
    std::string text;
    json all = json::array();
    ExitCode code = ExitCode::kOk;
    for (const DaemonName& one : daemons) {
        Asked asked = ask(place, one, {.path = "/control/cluster"});
        if (!asked.body) {
            // Among all of them, one without a cluster is nothing to tell.
            if (!daemon.empty()) return asked.otherwise;
            if (asked.otherwise.code == ExitCode::kNotFound) continue;
            text += std::string(one.folder) + ": " + asked.otherwise.text + "\n";
            code = ExitCode::kFailed;
            continue;
        }
        text += text_of(*asked.body);
        code = worse(code, code_of(*asked.body));
        all.push_back(*std::move(asked.body));
    }
    if (text.empty()) text = "no daemon here has a cluster\n";
    return Answer::of(text, {{"clusters", all}}, code);
}

Answer cluster_change(const Place& place, const ClusterVerb& wanted) {
    const auto daemon = daemon_named(wanted.daemon);
    if (!daemon) return Answer::of(daemon.error());
    json body = json::object();
    if (!wanted.node.empty()) body["node"] = wanted.node;
    if (wanted.verb == "join") {
        if (!wanted.replace)
            if (auto refusal = refuse_to_replace(place, *daemon)) return *std::move(refusal);
        body["address"] = wanted.address;
    }
    const Asked asked =
        ask(place, *daemon, {http::Method::kPost, "/control/cluster/" + wanted.verb, body.dump(), kPatience});
    if (!asked.body) return asked.otherwise;
    return Answer::of(wanted.verb + ": done", {{"done", wanted.verb}});
}

}  // namespace ctl
