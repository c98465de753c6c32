// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/config_parts.h"
#include "cbc/twin/twin_page.h"
#include "common/tls/context.h"

namespace cbc {

void read_twin(config::Section in, TwinConfig& out) {
    using namespace std::chrono_literals;
    in.require("url");
    in.value("url", out.url);
    while (out.url.ends_with('/')) out.url.pop_back();
    const bool good =
        out.url.starts_with("https://") && out.url.find_first_of(" ?#@\"/", 8) == std::string::npos;
    if (in.has("url") && (!good || out.url.size() == 8))
        in.problem("url", "\"" + out.url + "\" is not of the form https://HOST:PORT");
    in.require("certificate");
    in.value("certificate", out.certificate);
    const auto identity = tls::Identity::parse(out.certificate);
    if (!out.certificate.empty() && (!identity || identity->role != "cbc"))
        in.problem("certificate", "\"" + out.certificate + "\" is not a URI farol://<site>/cbc/<node>");
    in.duration("lease", out.lease, kTwinLeaseMin, kTwinLeaseMax);
    in.duration("start_wait", out.start_wait, 0ms, 60s);
}

}  // namespace cbc
