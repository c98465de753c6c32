// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What farolctl can do, one function a verb. Each answers; none prints or exits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "packaging/farolctl/answer.h"
#include "packaging/farolctl/place.h"

namespace ctl {

Answer status(const Place& place);

struct CertAuthority {
    std::string directory;  // ca.pem and ca.key
    std::string name;
};
Answer cert_ca(const CertAuthority& wanted);

struct CertIssue {
    std::string directory;
    std::string site;
    std::string role;
    std::string node;
    std::vector<std::string> dns_names;
    std::vector<std::string> addresses;
    int days = 90;
};
Answer cert_issue(const CertIssue& wanted);
// Certificate files of the directory; each gets a new key and a new certificate with the same names.
Answer cert_renew(const std::string& directory, const std::vector<std::string>& files);
Answer cert_show(const std::vector<std::string>& files);

// Runs each daemon's own --check.
Answer config_check(const Place& place, const std::vector<std::string>& daemons);

Answer alert_list(const Place& place);
Answer alert_show(const Place& place, const std::string& id);
struct AlertCells {
    std::string alert;
    std::string peer;  // empty: each cell of the alert once
};
Answer alert_cells(const Place& place, const AlertCells& wanted);

// The centre's network elements. A test asks something that broadcasts nothing.
Answer peer_list(const Place& place);
Answer peer_show(const Place& place, const std::string& name);
Answer peer_test(const Place& place, const std::string& name);
struct PeerTrace {
    std::string peer;
    int seconds = 10;
    std::string file;  // empty: <peer>.pcapng here
};
Answer peer_trace(const Place& place, const PeerTrace& wanted);

// The operator's file of cells; reload reads the whole configuration again.
Answer site_status(const Place& place);
Answer site_reload(const Place& place);

struct LogLevel {
    std::string daemon;
    std::string level;  // empty: show what is set
    std::string category;
    std::optional<int64_t> for_s;
};
Answer log_level(const Place& place, const LogLevel& wanted);

// The cluster of one daemon. Its node here is asked; init, join and leave change what this node belongs to.
struct ClusterVerb {
    std::string daemon;
    std::string verb;      // init, join, leave, fence, switchover
    std::string address;   // join: of any member
    std::string node;      // leave, switchover; empty: this one, whichever is most up to date; fence
    bool replace = false;  // join: although this node's own state is lost
};
// All daemons with a cluster when none is named.
Answer cluster_status(const Place& place, const std::string& daemon);
Answer cluster_change(const Place& place, const ClusterVerb& wanted);

// The demo: a site below one folder, for trying out and for development.
struct Up {
    std::string templates;          // folder with <daemon>.yaml
    std::vector<std::string> only;  // daemons; empty: all
    Format format = Format::kText;
};
Answer up(const Place& place, const Up& wanted);
Answer down(const Place& place);
Answer demo_seed(const Place& place);
struct DemoAlert {
    std::string text;
    std::string language = "en";
    std::string channel = "level1";
    int wait_s = 30;
};
Answer demo_alert(const Place& place, const DemoAlert& wanted);

}  // namespace ctl
