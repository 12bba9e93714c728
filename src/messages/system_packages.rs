//! What to install where the system lacks something: one command for the distribution that
//! `os-release` names.
//!
//! Libraries that are opened while the program runs are seen by no package manager, so a
//! minimal system lacks them, and only we can say what they are called there.

use std::path::Path;

/// What a system may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// EGL, and a driver for OpenGL.
    OpenGl,
    /// The libraries of a window on Wayland.
    Wayland,
    /// The libraries of a window on X11.
    X11,
    /// A sound server that speaks the protocol of PulseAudio.
    SoundServer,
    /// The desktop's portals, for screenshots, cameras and file dialogs.
    Portal(Desktop),
    /// PipeWire with libcamera, for cameras that have no finished pictures of their own.
    PipeWireCamera,
    /// Letters of every script.
    Fonts,
}

/// Which program answers for the portals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desktop {
    Gnome,
    Kde,
    /// Sway, river, labwc and others on wlroots.
    Wlroots,
    /// Any other.
    Other,
}

impl Desktop {
    /// Reads `XDG_CURRENT_DESKTOP`: names, the most particular first.
    pub fn of(current: &str) -> Self {
        let known = |name: &str| match name.to_ascii_lowercase().as_str() {
            "gnome" | "gnome-classic" | "unity" | "budgie" => Some(Self::Gnome),
            "kde" => Some(Self::Kde),
            "sway" | "wlroots" | "river" | "labwc" | "wayfire" | "hyprland" => Some(Self::Wlroots),
            _ => None,
        };
        current.split(':').find_map(known).unwrap_or(Self::Other)
    }

    /// What follows `xdg-desktop-portal-`; the same everywhere.
    const fn portal(self) -> &'static str {
        match self {
            Self::Gnome => "xdg-desktop-portal xdg-desktop-portal-gnome",
            Self::Kde => "xdg-desktop-portal xdg-desktop-portal-kde",
            Self::Wlroots => "xdg-desktop-portal xdg-desktop-portal-wlr",
            Self::Other => "xdg-desktop-portal xdg-desktop-portal-gtk",
        }
    }
}

/// Distributions that call their packages alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Debian, Ubuntu, Mint and what else is made of them.
    Debian,
    /// Fedora, RHEL and what is made of them.
    Fedora,
    /// The same as an image, which dnf does not change.
    FedoraAtomic,
    /// Arch, Manjaro and others.
    Arch,
    /// One whose names of packages are not known here.
    Other,
}

impl Distribution {
    /// The one whose `os-release` this is: by its own id, else by what it is like, the
    /// nearest first.
    pub fn of(os_release: &str) -> Self {
        let value = |key: &str| os_release.lines().find_map(|line| assigned(line, key));
        let ids = [value("ID"), value("ID_LIKE")];
        let known = |id: &str| match id.to_ascii_lowercase().as_str() {
            "debian" | "ubuntu" => Some(Self::Debian),
            "fedora" | "rhel" | "centos" => Some(Self::Fedora),
            "arch" | "archlinux" => Some(Self::Arch),
            _ => None,
        };
        match ids.into_iter().flatten().flat_map(str::split_whitespace).find_map(known) {
            Some(Self::Fedora) if value("OSTREE_VERSION").is_some() => Self::FedoraAtomic,
            Some(known) => known,
            None => Self::Other,
        }
    }

    /// The one that the program runs on.
    pub fn here() -> Self {
        let places = ["/etc/os-release", "/usr/lib/os-release"];
        let text = places.iter().find_map(|place| std::fs::read_to_string(Path::new(place)).ok());
        text.map_or(Self::Other, |text| Self::of(&text))
    }

    /// What to do where `need` is missing, in one sentence.
    pub fn install(self, need: Need) -> String {
        let packages = self.packages(need);
        match self {
            Self::Debian => format!("Install it: sudo apt install {packages}"),
            Self::Fedora => format!("Install it: sudo dnf install {packages}"),
            Self::FedoraAtomic => {
                format!("Install it, then restart: sudo rpm-ostree install {packages}")
            }
            Self::Arch => format!("Install it: sudo pacman -S {packages}"),
            Self::Other => {
                format!("Install what your system calls these Debian packages: {packages}")
            }
        }
    }

    const fn packages(self, need: Need) -> &'static str {
        match (need, self) {
            (Need::OpenGl, Self::Debian | Self::Other) => "libegl1 libgl1 libgl1-mesa-dri",
            (Need::OpenGl, Self::Fedora | Self::FedoraAtomic) => {
                "libglvnd-glx mesa-dri-drivers mesa-libEGL"
            }
            (Need::OpenGl, Self::Arch) => "mesa",
            (Need::Wayland, Self::Debian | Self::Other) => {
                "libwayland-client0 libwayland-egl1 libxkbcommon0"
            }
            (Need::Wayland, Self::Fedora | Self::FedoraAtomic) => {
                "libwayland-client libwayland-egl libxkbcommon"
            }
            (Need::Wayland, Self::Arch) => "libxkbcommon wayland",
            (Need::X11, Self::Debian | Self::Other) => {
                "libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libxrandr2"
            }
            (Need::X11, Self::Fedora | Self::FedoraAtomic) => {
                "libX11 libX11-xcb libXcursor libXi libXrandr libxkbcommon-x11"
            }
            (Need::X11, Self::Arch) => "libx11 libxcursor libxi libxkbcommon-x11 libxrandr",
            (Need::SoundServer, Self::Fedora | Self::FedoraAtomic) => {
                "pipewire-pulseaudio wireplumber"
            }
            (Need::SoundServer, _) => "pipewire-pulse wireplumber",
            (Need::Portal(desktop), _) => desktop.portal(),
            (Need::PipeWireCamera, Self::Fedora | Self::FedoraAtomic) => {
                "pipewire pipewire-plugin-libcamera wireplumber xdg-desktop-portal"
            }
            (Need::PipeWireCamera, _) => {
                "pipewire pipewire-libcamera wireplumber xdg-desktop-portal"
            }
            (Need::Fonts, Self::Debian | Self::Other) => "fonts-noto-cjk fonts-noto-core",
            (Need::Fonts, Self::Fedora | Self::FedoraAtomic) => "default-fonts",
            (Need::Fonts, Self::Arch) => "noto-fonts noto-fonts-cjk",
        }
    }
}

/// The value that a line of `os-release` gives to `key`: as in a shell, but nothing is
/// expanded (os-release(5)).
fn assigned<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.trim().strip_prefix(key)?.strip_prefix('=')?;
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote)));
    Some(quoted.unwrap_or(value).trim()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOKWORM: &str = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\n\
                            ID=debian\nHOME_URL=\"https://www.debian.org/\"\n";
    const MINT: &str = "NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
    const FEDORA: &str = "NAME=\"Fedora Linux\"\nID=fedora\nVARIANT_ID=workstation\n";
    const SILVERBLUE: &str = "ID=fedora\nVARIANT_ID=silverblue\nOSTREE_VERSION='43.20261101.0'\n";
    const ROCKY: &str = "NAME=\"Rocky Linux\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n";
    const MANJARO: &str = "NAME='Manjaro Linux'\nID=manjaro\nID_LIKE=arch\n";

    #[test]
    fn a_distribution_is_known_by_what_it_is_or_is_like() {
        let known = [
            (BOOKWORM, Distribution::Debian),
            ("ID=ubuntu\nID_LIKE=debian\n", Distribution::Debian),
            (MINT, Distribution::Debian),
            (FEDORA, Distribution::Fedora),
            (SILVERBLUE, Distribution::FedoraAtomic),
            (ROCKY, Distribution::Fedora),
            ("ID=arch\n", Distribution::Arch),
            (MANJARO, Distribution::Arch),
            ("ID=nixos\nID_LIKE=\"\"\n", Distribution::Other),
            ("", Distribution::Other),
            // Other keys that end or begin alike, a comment, and nothing that can be read.
            ("BUILD_ID=debian\n#ID=arch\nVERSION_ID=fedora\n", Distribution::Other),
            ("ID\nID=\nID=\"\n\u{0}=\n", Distribution::Other),
        ];
        for (text, distribution) in known {
            assert_eq!(Distribution::of(text), distribution, "{text}");
        }
        // What it is comes before what it is like, wherever the lines stand.
        assert_eq!(Distribution::of("ID_LIKE=arch\nID=fedora\n"), Distribution::Fedora);
    }

    #[test]
    fn each_need_is_met_by_one_command_of_the_distribution() {
        let install = |text| Distribution::of(text).install(Need::OpenGl);
        assert_eq!(
            install(BOOKWORM),
            "Install it: sudo apt install libegl1 libgl1 libgl1-mesa-dri"
        );
        assert!(install(FEDORA).starts_with("Install it: sudo dnf install "));
        assert!(install(SILVERBLUE).contains("sudo rpm-ostree install "));
        assert_eq!(install(MANJARO), "Install it: sudo pacman -S mesa");
        assert_eq!(
            install(""),
            "Install what your system calls these Debian packages: \
             libegl1 libgl1 libgl1-mesa-dri"
        );
        for need in [
            Need::OpenGl,
            Need::Wayland,
            Need::X11,
            Need::SoundServer,
            Need::Portal(Desktop::Other),
            Need::PipeWireCamera,
            Need::Fonts,
        ] {
            for text in [BOOKWORM, FEDORA, SILVERBLUE, MANJARO, ""] {
                let said = Distribution::of(text).install(need);
                assert_eq!(said.lines().count(), 1, "{said}");
                // What a user copies into a shell does nothing else there.
                assert!(!said.contains([';', '&', '|', '$', '`', '<', '>']), "{said}");
            }
        }
    }

    #[test]
    fn the_portal_is_that_of_the_desktop() {
        for (current, portal) in [
            ("GNOME", "xdg-desktop-portal-gnome"),
            ("ubuntu:GNOME", "xdg-desktop-portal-gnome"),
            ("KDE", "xdg-desktop-portal-kde"),
            ("sway:wlroots", "xdg-desktop-portal-wlr"),
            ("", "xdg-desktop-portal-gtk"),
            ("XFCE", "xdg-desktop-portal-gtk"),
        ] {
            let said = Distribution::Debian.install(Need::Portal(Desktop::of(current)));
            assert!(said.ends_with(portal), "{current}: {said}");
        }
    }
}
