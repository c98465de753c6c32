// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The files of a demo site below one folder: configurations from templates, an authority and certificates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "packaging/farolctl/place.h"

namespace ctl {

// Configurations are written anew each time (changes of one's own belong into etc/conf.d/<daemon>/);
// authority, certificates and state are kept.
base::Result<void> write_demo_site(const Place& place, const std::string& templates,
                                   const std::vector<DaemonName>& daemons);

// Where the templates are: beside the sources, or where the package puts them.
std::string default_templates();

// Puts `value` in the place of each @name@. An @name@ that nobody gave is an error.
struct Substitution {
    std::string_view name;
    std::string value;
};
base::Result<std::string> fill(std::string_view text, const std::vector<Substitution>& substitutions);

// The port of the first listener of that name in listeners.json.
base::Result<int> listener_port(const Place& place, const DaemonName& daemon, const std::string& listener);

}  // namespace ctl
