// The network, for the device and for the desktop that prepares it.
typenet::network! {
    /// LeNet-5 on 28×28 grey images.
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d<1, 6, K = 5, P = 2>,
        relu1: Relu,
        pool1: MaxPool2d<K = 2, S = 2>,
        conv2: Conv2d<6, 16, K = 5>,
        relu2: Relu,
        pool2: MaxPool2d<K = 2, S = 2>,
        flatten: Flatten,
        fc1: Linear<400, 120>,
        relu3: Relu,
        fc2: Linear<120, 84>,
        relu4: Relu,
        fc3: Linear<84, 10>,
    }
}
